"""Addresses of posts on each platform, in the forms in which people copy them."""

import pytest

from monitoring.importers.addresses import address_of, platform_of


@pytest.mark.parametrize(
    ("url", "platform", "post", "owner"),
    [
        ("https://www.facebook.com/a.kg/posts/123", "facebook", "123", "a.kg"),
        ("https://m.facebook.com/1000/videos/123/", "facebook", "123", "1000"),
        ("https://www.facebook.com/groups/77/permalink/123/", "facebook", "123", "77"),
        ("https://www.facebook.com/permalink.php?story_fbid=123&id=77", "facebook", "123", "77"),
        (
            "https://www.instagram.com/a.kg/reel/CMs1GN-M82L/?x=1",
            "instagram",
            "CMs1GN-M82L",
            "a.kg",
        ),
        ("https://t.me/s/Kanal/12", "telegram", "kanal/12", "Kanal"),
        ("https://t.me/c/1234/12", "telegram", "c/1234/12", "1234"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1", "youtube", "dQw4w9WgXcQ", ""),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ", ""),
        ("https://www.tiktok.com/@a.kg/video/71", "tiktok", "71", "a.kg"),
        ("https://twitter.com/a/status/1850?s=20", "x", "1850", "a"),
        ("https://vk.com/feed?w=wall-12_34", "vk", "-12_34", "-12"),
        ("https://vk.com/video-12_34", "vk", "video-12_34", "-12"),
        ("https://vk.com/clip-12_34", "vk", "video-12_34", "-12"),
        ("https://ok.ru/group/55/topic/66", "odnoklassniki", "66", "55"),
        ("https://www.threads.net/@a/post/DAbc", "threads", "DAbc", "a"),
    ],
)
def test_an_address_says_platform_post_and_owner(
    url: str, platform: str, post: str, owner: str
) -> None:
    found = address_of(url)
    assert found is not None
    assert (found.platform, found.post) == (platform, post)
    assert owner in (found.handle, found.owner_id)


def test_a_page_of_a_website_is_the_same_page_with_what_advertising_hangs_on_it() -> None:
    plain = address_of("https://24.kg/news/1")
    tracked = address_of("http://www.24.kg/news/1/?utm_source=x&fbclid=y")
    other = address_of("https://24.kg/news/1?page=2")
    assert plain is not None
    assert plain == tracked
    assert plain != other
    assert (plain.platform, plain.handle, len(plain.post)) == ("website", "24.kg", 64)


@pytest.mark.parametrize(
    "text", ["", "a.kg/posts/1", "javascript:alert(1)", "https://[", "http://a"]
)
def test_what_is_no_address_says_nothing(text: str) -> None:
    assert address_of(text) is None


def test_an_account_is_no_post() -> None:
    for url in ("https://t.me/kanal", "https://www.facebook.com/a.kg", "https://x.com/a"):
        found = address_of(url)
        assert found is not None
        assert found.post == ""


def test_a_platform_has_several_names() -> None:
    assert [platform_of(name) for name in ("Twitter", "OK.ru", "VKontakte", "Mastodon")] == [
        "x",
        "odnoklassniki",
        "vk",
        "",
    ]
