"""MMRec Lens: multimodal recommendation with its reasons. Importing it is quick: heavy packages load where they are used."""

__version__ = "0.1.0"
