"""The one taxonomy of the catalogue: every source maps its own groups to these, in plain data."""

from __future__ import annotations

CATEGORIES: dict[str, str] = {
    "animals": "Animals",
    "birds": "Birds",
    "plants": "Plants",
    "food": "Food and drink",
    "people": "People",
    "clothing": "Clothing",
    "vehicles": "Vehicles",
    "aircraft": "Aircraft",
    "boats": "Boats and ships",
    "spacecraft": "Spacecraft",
    "planets": "Planets and space",
    "places": "Buildings and places",
    "flags": "Flags and maps",
    "fantasy": "Fantasy units",
    "weapons": "Weapons",
    "tools": "Tools and machines",
    "household": "Household",
    "electronics": "Computers and electronics",
    "instruments": "Musical instruments",
    "beats": "Beats and synths",
    "nature": "Nature and weather",
    "games": "Games",
    "sports": "Sports and hobbies",
    "symbols": "Symbols and signs",
    "science": "Science and medicine",
    "holidays": "Holidays",
    "office": "School and office",
    "misc": "Everything else",
}
"""Category key -> title for people. ``misc`` holds at most a tenth of the catalogue; the build reports its share."""
