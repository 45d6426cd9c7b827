"""The training corpus: named sounds of other free-software packages, used to train and never shown. One file a source."""
