"""What was tried so that media of unknown sources are understood, as measured on the sources that levers are chosen on."""

from __future__ import annotations

LEVERS = """\
Trained without openclipart, sonic_pi and 0 A.D., whose media are then the queries (`evaluate transfer --tuning`); nothing
here was chosen on a source that is reported. Columns: category precision at 10 of openclipart's pictures (2,202 queries) and of
0 A.D.'s animal calls (62), the same animal by name in the first ten (62), and the mean of all lines of the validation part.

| model | pictures | calls | same name | validation | kept |
|---|---|---|---|---|---|
| raw neighbours | .213 | .208 | .177 | not defined on all lines | |
| untrained ensemble, with the name classifier's posterior | .186 | .547 | .290 | .413 | |
| closed form on every augmented view, ridge 10, with a classifier that names sounds | .257 | .326 | .145 | .581 | |
| ridge 3, lexical block x2, sonic block x1/4 | .275 | .392 | .242 | .599 | yes |
| without that classifier (it learns its few hundred sounds by heart) | .275 | .489 | .355 | .600 | yes |
| ridge 1 | .275 | .487 | .387 | .611 | yes |
| ridge 0.1 | .272 | .455 | .339 | .613 | no |
| lexical block x3 | .280 | .489 | .387 | .613 | yes |
| sounds predicted without the fantasy units' voices | .275 | .556 | .403 | .561 | no, the catalogue loses |
| item vectors centred (hubness), on ridge 3 | .267 | .381 | .210 | .593 | no |
| query vectors half centred (hubness), on ridge 3 | .278 | .389 | .258 | .603 | no, within noise |
| two epochs of training everything together at the former rates | .258 | .487 | .210 | .614 | no |
| the anchors alone, 15 epochs | .289 | .552 | .323 | .627 | |
| the same without the category | .288 | .527 | .323 | .628 | no |
| the same, 40 epochs | .290 | .539 | .323 | .629 | yes |
| of which 0.7 is kept, the rest stays the closed form (WiSE-FT, Wortsman 2022) | .289 | .544 | .371 | .629 | yes |

After that, everything is trained together for a few epochs at a quarter of the former rate, so that there is an attention to look at.
Not tried, for want of time: posteriors of the sound encoder's unnamed heads, ImageNet's class texts as pairs, EfficientNet-Lite2,
fine-tuning the encoders.
"""
