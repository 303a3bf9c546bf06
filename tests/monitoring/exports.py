"""CrowdTangle exports as the real ones look, made small (FORMATS 1a, 1b, 1d)."""

import csv
import io
from typing import Any

PAGES_2020 = [
    "Page Name",
    "User Name",
    "Facebook Id",
    "Likes at Posting",
    "Created",
    "Type",
    "Likes",
    "Comments",
    "Shares",
    "Love",
    "Wow",
    "Haha",
    "Sad",
    "Angry",
    "Care",
    "Video Share Status",
    "Post Views",
    "Total Views",
    "Total Views For All Crossposts",
    "Video Length",
    "URL",
    "Message",
    "Link",
    "Final Link",
    "Image Text",
    "Link Text",
    "Description",
    "Sponsor Id",
    "Sponsor Name",
    "Total Interactions",
    "Total Interactions (weighted  —  Likes 1x Shares 1x Comments 1x Love 1x Wow 1x )",
]
PAGES_2021 = [
    "Page Name",
    "User Name",
    "Facebook Id",
    "Page Category",
    "Page Admin Top Country",
    "Page Description",
    "Page Created",
    "Likes at Posting",
    "Followers at Posting",
    "Post Created",
    "Post Created Date",
    "Post Created Time",
    "Type",
    "Total Interactions",
    "Likes",
    "Comments",
    "Shares",
    "Love",
    "Wow",
    "Haha",
    "Sad",
    "Angry",
    "Care",
    "Video Share Status",
    "Is Video Owner?",
    "Post Views",
    "Total Views",
    "Total Views For All Crossposts",
    "Video Length",
    "URL",
    "Message",
    "Link",
    "Final Link",
    "Image Text",
    "Link Text",
    "Description",
    "Sponsor Id",
    "Sponsor Name",
    "Sponsor Category",
    "Total Interactions (weighted  —  Likes 1x Shares 3x )",
    "Overperforming Score",
]
INSTAGRAM_2021 = [
    "Account",
    "User Name",
    "Followers at Posting",
    "Post Created",
    "Post Created Date",
    "Post Created Time",
    "Type",
    "Total Interactions",
    "Likes",
    "Comments",
    "Views",
    "Like and View Counts Disabled",
    "URL",
    "Link",
    "Photo",
    "Title",
    "Description",
    "Image Text",
    "Sponsor Id",
    "Sponsor Name",
    "Overperforming Score",
]
# Of the history of one post; behind them stand, as two more, when it was published and where.
HISTORY = [
    "ID",
    "Score Date (GMT)",
    "Timestep",
    *(
        name.format(counter)
        for counter in (
            *("Likes", "Comments", "Shares", "Loves", "Wows", "Hahas", "Sads", "Angrys", "Cares"),
            *("Reactions", "Post Views", "Total Views", "Total Views for all Crossposts"),
            "Views While Live",
        )
        for name in ("{}", "Avg {}")
    ),
    "Overperforming(+)/Underperforming(-) Score",
    "Post Date (GMT)",
]
FACEBOOK_COUNTS = ("Likes", "Comments", "Shares", "Love", "Wow", "Haha", "Sad", "Angry", "Care")

# Three days after the posts below are stable.
STABLE = "2021-01-13-09-15-00-EST-Historical-Report.csv"


def page_post(native_id: object, **cells: Any) -> dict[str, Any]:
    """A post of the page ``ainura`` at noon of 5 January 2021 in New York, 22:00 in Bishkek."""
    post: dict[str, Any] = {
        "Page Name": "Айнура Асанова",
        "User Name": "ainura",
        "Facebook Id": "100000000000001",
        "Likes at Posting": 5000,
        "Followers at Posting": 5100,
        "Created": "2021-01-05 11:00:00 EST",
        "Type": "Photo",
        "URL": f"https://www.facebook.com/ainura/posts/{native_id}",
        "Message": f"Post {native_id}",
        **dict.fromkeys(FACEBOOK_COUNTS, 0),
        "Post Views": 0,
        "Total Views": 0,
        **cells,
    }
    total = sum(int(post[name]) for name in FACEBOOK_COUNTS if str(post[name]).isdigit())
    return {"Post Created": post["Created"], "Total Interactions": f"{total:,}", **post}


def as_csv(columns: list[str], rows: list[dict[str, Any]], *, delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, columns, extrasaction="ignore", lineterminator="\n", delimiter=delimiter
    )
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def history(native_id: object, *readings: tuple[str, int], **cells: Any) -> bytes:
    """What ``page_post`` had at these moments: likes, and as many comments."""
    post = page_post(native_id)
    columns = [*HISTORY, "2021-01-05 16:00:00", post["URL"]]
    rows = [
        {
            **dict.fromkeys(HISTORY[:-2], 0),
            "ID": f"{native_id}\t",
            "Score Date (GMT)": moment,
            "Timestep": step,
            "Overperforming(+)/Underperforming(-) Score": "2.6x",
            **dict.fromkeys(("Likes", "Reactions", "Comments"), number),
            "Avg Likes": 6182,
            **cells,
        }
        for step, (moment, number) in enumerate(readings)
    ]
    return as_csv(columns, rows)
