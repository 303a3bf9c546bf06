"""What chapter II of the report prints, finding by finding, as the sentences must give it again.

Words are ours where the template's sentence is built otherwise; numbers and names are the report's.
"""

PRINTED = [
    ["focused on 58 individual accounts", "9 Facebook public groups"],
    ["A total of 48 actors", "18 of 18 candidates"],
    [
        "50 individual pages and 9 public groups",
        "a total of 134,900 posts",
        "20,913 posts (15.5 percent) on individual pages",
        "113,987 posts (84.5 percent) in groups",
    ],
    ["1,739 posts", "8.3 percent", "candidates 73 percent of them (1,269 posts)"],
    ["6,942,969 interactions", "59.2 percent", "34.6 percent", "6.2 percent", "0.1 percent"],
    ["political subjects (427,563 interactions)", "93.1 percent of these interactions (398,153)"],
    ["56 accounts", "9,379 posts", "1,485 posts (15.8 percent)", "1,131 of them (76.2 percent)"],
    ["24,346,857 interactions", "70.8 percent", "25 percent", "4.2 percent"],
    ["political subjects are considered (1,021,816 interactions)", "74.3 percent", "(759,538)"],
    ["17.23 million", "6.09 million", "759,500", "398,000", "2.83 million"],
    ["since 15 December", "83.9 percent", "1,065 out of 1,269 posts", "297 of them"],
    ["77 percent of posts (871 out of 1,131 posts)", "237 of them"],
    [
        "The most active candidate on Facebook was Abdil Segizbaev (233 posts), followed by "
        "Aimen Kasenov (145 posts) and Klara Sooronkulova (123 posts).",
        "5 candidates promoted their candidacy through at least 100 posts",
    ],
    ["Sadyr Japarov was less active (10th), with 55 posts during the whole monitoring period"],
    ["Abdil Segizbaev (165 posts) and Aimen Kasenov (162 posts)", "Eldar Abakirov (105 posts)"],
    ["3 candidates had at least 100 posts"],
    ["less active on this platform (7th), with 66 posts"],
    [
        "Posts of Abdil Segizbaev",
        "some 66,700",
        "Sadyr Japarov with as many as 59,500 interactions",
    ],
    ["Aimen Kasenov were the most popular (some 152,500 interactions)"],
    ["Myktybek Arstanbek with as many as 136,300", "the only 2 candidates", "over 100,000"],
    ["Butun Kyrgyzstan produced the highest number of posts on Facebook (23)"],
    ["Reform (21 posts) and Chon Kazat (19 posts)"],
    ["54 vs. 73 on Facebook), with Chon Kazat (34) and Reform (17) being the only parties active"],
    ["Mekenchil produced 1 post"],
    ["as many as 5,432), followed by Reform (2,389) and Butun Kyrgyzstan (1,285)"],
    ["Chon Kazat generated 25,917 interactions", "together some 9,000"],
    ["15 official pages and accounts of traditional media, with 13 of them"],
    ["Kyrgyz Today was the most active (4,044 posts)", "24.kg (1,875 posts)"],
    ["Jetinchi TV (1,824 posts)"],
    ["Next TV was the most prolific (1,364 posts)"],
    ["8 media out of 15 monitored", "Jetinchi TV brought 106 posts about candidates", "113"],
    ["Next TV and Kyrgyz Azattyk being also fairly active"],
    ["dominated the Facebook pages of 8 of these media", "163 posts out of 219, some 75 percent"],
    ["The tone of Jetinchi TV toward Sadyr Japarov on Facebook was primarily positive"],
    ["accounts of 9 media out of 14", "51 out of 72 media posts about candidates"],
    ["Sadyr Japarov was the most presented candidate in 6 of them (43 posts out of 72, some 60"],
    ["Kabarlar News showed Sadyr Japarov in a mostly positive tone, News.kg offered"],
    ["Central Commission for Elections and Referenda was the most active", "207 posts"],
    ["Government (96 posts)", "altogether 66 posts (33 by", "33 by", "compared to 320 on Facebook"],
    ["at least 13 of 18", "Babyrjan Tolbaev, Aimen Kasenov and Kursan Asanov spent the highest"],
    ["Eldar Abakirov promoted the highest number of ads among candidates (74)"],
    ["Sadyr Japarov did not use a paid promotion at all"],
    ["around 16,000 USD, for some 1,740 ads"],
]
# What the linter has to say of them.
SLIPS = [
    "Not only these: Butun Kyrgyzstan (3) as well. 34 + 17 = 51, all together have 54.",
]
ROUNDED = ["As printed, 59.2 + 34.6 + 6.2 + 0.1 = 100.1, not 100: say that they are rounded."]
