"""How ratings are cut, in words, by the word of the command line."""

SPLITS = {
    "global": "by one moment in time",
    "per-user": "each person's last likes",
    "leave-one-out": "each person's last like",
    "cold": "movies nobody has rated",
}
