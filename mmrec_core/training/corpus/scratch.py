"""Scratch 1.4: the everyday sounds of its library (animals, instruments, people, things), by file name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.registry import Plugin
from mmrec_core.training.corpus.named import Named

ROOT = Path("usr/share/scratch/Media/Sounds")
SOUNDS: dict[str, tuple[str, str, str]] = {
    "Animal/Bird.wav": ("Bird", "a bird chirping", "birds"),
    "Animal/Cat.mp3": ("Cat", "a cat meowing", "animals"),
    "Animal/Cricket.wav": ("Cricket", "a cricket chirping", "animals"),
    "Animal/Crickets.wav": ("Cricket", "crickets chirping at night", "animals"),
    "Animal/Dog1.wav": ("Dog", "a dog barking", "animals"),
    "Animal/Dog2.wav": ("Dog", "a dog barking", "animals"),
    "Animal/Duck.wav": ("Duck", "a duck quacking", "birds"),
    "Animal/Goose.wav": ("Goose", "a goose honking", "birds"),
    "Animal/Horse.wav": ("Horse", "a horse neighing", "animals"),
    "Animal/HorseGallop.wav": ("Horse", "a horse galloping", "animals"),
    "Animal/Kitten.wav": ("Kitten", "a kitten meowing", "animals"),
    "Animal/Meow.wav": ("Cat", "a cat meowing", "animals"),
    "Animal/Owl.wav": ("Owl", "an owl hooting", "birds"),
    "Animal/Rooster.wav": ("Rooster", "a rooster crowing", "birds"),
    "Animal/SeaLion.mp3": ("Sea lion", "a sea lion barking", "animals"),
    "Animal/WolfHowl.wav": ("Wolf", "a wolf howling", "animals"),
    "Effects/BellToll.wav": ("Bell", "a large bell tolling", "instruments"),
    "Effects/Bubbles.wav": ("Bubbles", "bubbles rising in water", "nature"),
    "Effects/CarPassing.wav": ("Car", "a car passing by", "vehicles"),
    "Effects/DoorClose.mp3": ("Door", "a door closing", "household"),
    "Effects/DoorCreak.wav": ("Door", "a door creaking", "household"),
    "Effects/MotorcyclePassing.wav": ("Motorcycle", "a motorcycle passing by", "vehicles"),
    "Effects/SewingMachine.mp3": ("Sewing machine", "a sewing machine at work", "tools"),
    "Effects/Typing.mp3": ("Keyboard", "typing on a computer keyboard", "electronics"),
    "Effects/WaterDrop.mp3": ("Water drop", "a drop falling into water", "nature"),
    "Effects/WaterRunning.mp3": ("Water", "water running", "nature"),
    "Electronic/ComputerBeeps1.wav": ("Computer", "a computer beeping", "electronics"),
    "Electronic/ComputerBeeps2.wav": ("Computer", "a computer beeping", "electronics"),
    "Electronic/Laser1.wav": ("Laser", "a laser being fired", "weapons"),
    "Electronic/Laser2.wav": ("Laser", "a laser being fired", "weapons"),
    "Human/BabyCry.mp3": ("Baby", "a baby crying", "people"),
    "Human/Cough-female.wav": ("Woman", "a woman coughing", "people"),
    "Human/Cough-male.wav": ("Man", "a man coughing", "people"),
    "Human/FingerSnap.wav": ("Finger snap", "fingers snapping", "people"),
    "Human/Footsteps-1.wav": ("Footsteps", "footsteps", "people"),
    "Human/Footsteps-2.mp3": ("Footsteps", "footsteps", "people"),
    "Human/Laugh-female.wav": ("Woman", "a woman laughing", "people"),
    "Human/Laugh-male1.wav": ("Man", "a man laughing", "people"),
    "Human/Laugh-male2.wav": ("Man", "a man laughing", "people"),
    "Human/Laugh-male3.mp3": ("Man", "a man laughing", "people"),
    "Human/PartyNoise.wav": ("Party", "people talking at a party", "people"),
    "Human/Scream-female.wav": ("Woman", "a woman screaming", "people"),
    "Human/Scream-male1.wav": ("Man", "a man screaming", "people"),
    "Human/Scream-male2.mp3": ("Man", "a man screaming", "people"),
    "Human/Sneeze-female.wav": ("Woman", "a woman sneezing", "people"),
    "Human/Sneeze-male.wav": ("Man", "a man sneezing", "people"),
    "Instruments/Dijjeridoo.mp3": ("Didgeridoo", "a didgeridoo", "instruments"),
    "Instruments/GuitarStrum.wav": ("Guitar", "a guitar being strummed", "instruments"),
    "Instruments/StringAccent.wav": ("Violin", "a string orchestra", "instruments"),
    "Instruments/StringPluck.wav": ("Violin", "strings being plucked", "instruments"),
    "Instruments/Tambura.wav": ("Tambura", "a tambura", "instruments"),
    "Instruments/Trumpet1.wav": ("Trumpet", "a trumpet", "instruments"),
    "Instruments/Trumpet2.wav": ("Trumpet", "a trumpet", "instruments"),
    "Music Loops/Drum.mp3": ("Drum", "drums", "instruments"),
    "Music Loops/DrumMachine.mp3": ("Drum machine", "a drum machine", "beats"),
    "Music Loops/DrumSet1.mp3": ("Drum kit", "a drum kit", "instruments"),
    "Music Loops/DrumSet2.mp3": ("Drum kit", "a drum kit", "instruments"),
    "Music Loops/GuitarChords1.mp3": ("Guitar", "chords on a guitar", "instruments"),
    "Music Loops/GuitarChords2.mp3": ("Guitar", "chords on a guitar", "instruments"),
    "Music Loops/HipHop.mp3": ("Hip hop beat", "a hip hop beat", "beats"),
    "Music Loops/Techno.mp3": ("Techno beat", "a techno beat", "beats"),
    "Music Loops/Techno2.mp3": ("Techno beat", "a techno beat", "beats"),
    "Music Loops/Xylo1.mp3": ("Xylophone", "a xylophone", "instruments"),
    "Music Loops/Xylo2.mp3": ("Xylophone", "a xylophone", "instruments"),
    "Music Loops/Xylo3.mp3": ("Xylophone", "a xylophone", "instruments"),
    "Music Loops/xylo4.mp3": ("Xylophone", "a xylophone", "instruments"),
    "Percussion/CymbalCrash.wav": ("Crash cymbal", "a crash cymbal", "instruments"),
    "Percussion/DrumBuzz.wav": ("Snare drum", "a roll on a snare drum", "instruments"),
    "Percussion/Gong.wav": ("Gong", "a gong", "instruments"),
    "Percussion/HandClap.wav": ("Hand clap", "hands clapping", "people"),
    "Percussion/RideCymbal.wav": ("Ride cymbal", "a ride cymbal", "instruments"),
    "Percussion/Shaker.wav": ("Maracas", "a shaker", "instruments"),
}
"""File -> title, what is heard, category; sounds that name nothing are left."""


class Scratch:
    """The named sounds of the programming environment's library."""

    name, title, packages = "scratch", "Scratch 1.4", ("scratch",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a sound."""
        for file, known in SOUNDS.items():
            path = folder / ROOT / file
            if path.exists():
                yield _item(path, known)


def _item(path: Path, known: tuple[str, str, str]) -> RawItem:
    return RawItem(
        key=f"{path.parent.name}-{path.stem}".lower().replace(" ", "-"),
        **Named(*known).fields(),
        licence="CC-BY-SA-3.0",
        credit="Massachusetts Institute of Technology",
        audio=path.read_bytes(),
    )


PLUGIN = Plugin(Scratch.name, Scratch.title, Scratch)
