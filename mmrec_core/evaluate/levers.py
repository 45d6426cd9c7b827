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

Sources that are reported, with the recipe as it is (`evaluate transfer`; raw neighbours and the untrained ensemble are the same
for sounds), category precision at 10 and the same name in the first ten:

| media | fusion | picture encoder not tuned | the recipe before that | untrained ensemble |
|---|---|---|---|---|
| GCompris' photographs (242) | .679 [.630, .727] | .645 [.598, .693] | .576 | .386 [.343, .426] |
| GCompris' sounds (99) | .530 [.441, .622] | .522 [.433, .614] | .458 | .256 [.202, .314] |
| the same name (35) | .686 [.543, .829] | .657 [.514, .800] | .629 | .257 [.143, .400] |
| through a microphone, category and name | .437 and .743 | .436 and .686 | .364 and .514 | .069 and .086 |
| Tux Paint's sounds (96) | .444 [.359, .536] | .444 [.359, .536] | .320 | .159 [.116, .205] |
| the same name (57) | .386 [.263, .509] | .386 [.263, .509] | .263 | .123 [.035, .211] |
| through a microphone, category and name | .327 and .211 | .327 and .210 | .213 and .193 | .092 and .000 |

The picture encoder was tuned without GCompris for its photographs and sounds, and as published for Tux Paint's sounds. The recipe before
that is the one without the last three lines kept in the next table. The untrained ensemble reads the same encoder as the fusion.

Afterwards, with the recipe of then (everything together, 0.7 of the change kept), the same columns:

| model | pictures | calls | same name | validation | kept |
|---|---|---|---|---|---|
| names of sounds alone, as words, against the items' words: no training | not asked | .629 | .484 | not defined on all lines | |
| the recipe | .286 | .634 | .419 | .650 | |
| what a sound is named is read by the map of words, too: share 0.1 | .286 | .648 | .435 | .653 | |
| share 0.2 | .286 | .660 | .452 | .656 | yes |
| share 0.35 | .286 | .682 | .484 | .655 | no: trained on everything, the validation part's sounds lose .01 to .02 |
| share 0.5 | .286 | .684 | .516 | .650 | no |
| a modality alone is not corrected by the transformer | .308 | .652 | .484 | .651 | yes |
| both, trained so (`evaluate transfer --tuning`), 0.7 kept | .295 | .677 | .500 | not asked | |
| both, trained so, 0.35 kept: the recipe as it is | .301 | .677 | .452 | not asked | yes |
| the same tie held during training, share 0.5 (linear stage) | .307 | .635 | .452 | .652 | no, it is learned away |
| the linear stage without any tie | .307 | .639 | .452 | .654 | |
| the same tie for pictures, share 0.3: photographs .769 for .786, validation text->image R@10 .531 for .546 | | | | | no |
| of what training everything together changes 0.35 is kept | .295 | .655 | .435 | .654 | yes |
| taking the maximum over time of a name's probability, or a sharper one | not asked | .621 to .632 | .468 to .500 | | no, within noise |

Tried and left out: pairs of sounds in which another of YAMNet's names is put and that name, as is done with photographs. On the
sources that levers are chosen on (linear stage): the same name of 0 A.D.'s calls .452 as before, category .600 for .632.

Tried and left out, by a script: the last block of the sound encoder (two convolutions, 75 % of its weights) tuned as the picture
encoder is, on 1,513 sounds in three views, trained without the sources that levers are chosen on. Columns: validation
part, then 0 A.D.'s calls.

| model | audio->item R@10 | audio P@10 | audio accuracy | calls | same name |
|---|---|---|---|---|---|
| as published | .790 | .683 | .741 | .677 | .452 |
| rate 1e-4, 2 epochs | .753 | .705 | .741 | .585 | .435 |
| rate 2e-5, 3 epochs, held five times as firmly to its embeddings | .790 | .695 | .765 | .634 | .435 |

It learns its sounds by heart. The same bundle with more of the map of words in what a sound is named (share .35 for .20): the same name
.500 for .452, and, of the bundle shipped, validation lines of sounds that no other part holds unchanged or worse (mean of all lines .558 for .562).

Validation figures of sounds up to here were taken on all sounds of the validation part, 38 of 91 of which items of another
part hold, too, under another title. Such sounds are not asked any more, in no figure of this page outside this section.

### Photographs

Category precision at 10 of 282 photographs of packages that nothing is trained on, sorted by hand, in two halves that share no
package: levers were chosen on the first half and on the validation part; the second half was seen with every line, and nothing
was chosen on it. `evaluate photographs` measures the 160 of them that lie in Debian's and npm's packages. Each line is the linear
stage alone, without centre, but for the first.

| model | chosen on (141) | other packages (141) | validation text->image R@10 | image P@10 | text P@10 |
|---|---|---|---|---|---|
| the bundle shipped before (81e46f20cde8) | .534 | .536 | .548 | .671 | .860 |
| pictures in 640 dimensions that keep what the classifier reads, catalogue alone | .443 | .472 | .557 | .671 | .821 |
| with imagined photographs of ImageNet's classes | .498 | .521 | .566 | .666 | .820 |
| with captioned photographs instead | .621 | .648 | .564 | .663 | .823 |
| with both | .591 | .627 | .551 | .660 | .821 |
| and no pictures of people moved, no classes of clothing imagined | .610 | .668 | .550 | .664 | .823 |
| category x3.3 | .630 | .692 | .542 | .668 | .832 |
| category x10 | .650 | .714 | .531 | .675 | .840 |
| and its temperature 1/10 for 1/16 | .677 | .741 | .524 | .682 | .852 |
| and all of the change kept | .698 | .746 | .529 | .683 | .862 |

Of first guesses of the picture encoder on these photographs, projecting on 384 principal components of the catalogue's tokens kept
69 %, 640 components that count the classifier's directions as much keep 94 %.

With 1,254 captioned photographs instead of 801, on the 160 photographs of `evaluate photographs`; the linear stage alone but for
the first and the last two lines, everywhere with a centre of 0.5:

| model | chosen on (93) | held out (67) | validation text->image R@10 | image P@10 | text P@10 |
|---|---|---|---|---|---|
| the bundle shipped before (955d85bc1eb1) | .774 | .781 | .546 | .712 | .883 |
| the linear stage as it is | .798 | .766 | .546 | .717 | .883 |
| a planet's picture, a landscape, does not tell its category | .800 | .773 | .540 | .717 | .883 |
| posteriors of the picture encoder read as they are, too | .802 | .778 | .546 | .710 | .883 |
| category x1/2 | .783 | .745 | .550 | .708 | .872 |
| 30 epochs | .790 | .769 | .539 | .722 | .880 |
| 120 epochs | .800 | .776 | .522 | .708 | .882 |
| everything together, two layers between the modalities | .788 | .752 | .546 | .712 | .882 |
| everything together, one layer | .786 | .766 | .544 | .713 | .883 |

And, another day and machine, the linear stage with a centre of 0.5; the last column is the mean of all validation lines:

| model | chosen on (93) | held out (67) | validation text->image R@10 | image->text R@10 | image P@10 | text P@10 | mean |
|---|---|---|---|---|---|---|---|
| the linear stage as it was | .803 | .763 | .540 | .546 | .675 | .857 | .590 |
| photographs of the corpus drawn twice as often | .808 | .781 | .535 | .555 | .673 | .857 | .593 |
| landscapes among them four times as often | .806 | .788 | .535 | .546 | .678 | .859 | .592 |
| planets' pictures 0.3 times as often | .794 | .781 | .546 | .561 | .680 | .856 | .595 |
| 576 dimensions for 448 | .800 | .775 | .546 | .557 | .675 | .857 | .595 |
| 704 dimensions | .799 | .773 | .551 | .550 | .679 | .859 | .590 |
| batches of 2048 for 1024 | .791 | .788 | .540 | .555 | .676 | .852 | .593 |
| category x1/2 | .783 | .743 | .553 | .555 | .667 | .842 | .595 |
| category x1/2, photographs twice as often | .798 | .761 | .553 | .568 | .668 | .841 | .596 |
| category x1/2, photographs three times as often | .799 | .760 | .546 | .551 | .665 | .842 | .589 |
| the line before last, then everything together (0.7 kept) | .786 | .736 | not noted | | | | |
| as it was, then everything together, a modality alone not corrected (0.7 kept) | .773 | .743 | .539 | .555 | .669 | .853 | .597 |
| the same, 0.35 kept (the bundle shipped) | .788 | .770 | .544 | .551 | .676 | .856 | .595 |

Where a planet counts as right for a photograph of nature or of a place (23 and 15 of them), since its picture is a landscape,
the first line reads .860 and .812.

Nothing of this differs by more than chance (the interval of each photograph column is 0.15 wide). Category x2 without a centre:
.802, .775, .522, .722, .889. A query read as a whole and as a square out of its middle together moved the bundle shipped before
from .774 and .782 to .782 and .785. EfficientNet-Lite2 names the right category first for .688 and .731 of the photographs, Lite0
for .677 and .701: too little for the larger network. Photographs of landscapes find planets, whose pictures are landscapes; they
count as wrong.

### The last stages of the picture encoder tuned

`train pictures` tunes them on the training part and the corpus (settings and what was tried: [card](../pictures/CARD.md)). Its
pictures are those that a fusion is trained on, which the tuned encoder knows too well. So a fusion is trained on the published
encoder's tokens and reads the tuned one's after, with the same projections and weights (`train reread`):

| model | chosen on (93) | held out (67) | validation text->image R@10 | image->text R@10 | image P@10 | text P@10 | mean of all lines |
|---|---|---|---|---|---|---|---|
| the bundle shipped before (b41679b37430) | .788 | .769 | .544 | .551 | .676 | .856 | .595 |
| the same weights, reading the tuned encoder (as shipped) | .824 | .833 | .564 | .570 | .718 | .874 | .603 |
| trained again, on the tuned encoder's tokens | .822 | .828 | .555 | .568 | .705 | .873 | .604 |

The second line was chosen over the third for its pictures. The third was measured on held-out items, too, before it was dropped
(text->image R@10 .501, image->text .535, image P@10 .717). The first line's validation figures are those noted at its own time.

### Categories read off the embedding

Logistic regression on the embeddings of the training part, each modality alone and all together (penalty 1/3, rare categories counted as
much as common ones), and its probabilities set beside the embedding (`train categories`). Nothing else changes. Chosen on the validation
part and the 93 photographs. "Titles" asks for validation items by their title, "translations" for 500 stamps that are not held out in five languages,
both among all items; the last column is the mean of all validation lines.

| share in the score | photographs | text->image R@10 | image->text R@10 | audio->item R@10 | image P@10 | text P@10 | audio P@10 | titles R@10 | translations R@10 | mean |
|---|---|---|---|---|---|---|---|---|---|---|
| 0 | .823 | .570 | .566 | .679 | .713 | .865 | .483 | .973 | .830 | .563 |
| 0.03 | .827 | .568 | .568 | .679 | .720 | .880 | .492 | .968 | .824 | .562 |
| 0.06 | .832 | .566 | .568 | .679 | .723 | .889 | .489 | .964 | .822 | .564 |
| 0.1 (the bundle shipped) | .837 | .572 | .566 | .679 | .724 | .898 | .502 | .959 | .820 | .568 |
| 0.15 | .840 | .562 | .557 | .660 | .725 | .907 | .508 | .949 | .818 | .565 |
| 0.2 | .842 | .553 | .551 | .660 | .724 | .913 | .508 | .944 | .812 | .563 |
| 0.1, logits divided by 1.5 | .833 | .562 | .561 | .679 | .723 | .888 | .491 | .964 | .824 | .566 |
| 0.1, all categories counted by their size, penalty 1/10 | .835 | .572 | .570 | .679 | .728 | .907 | .508 | not asked | not asked | .567 |
| 0.1, the corpus' photographs read, too | .835 | .570 | .568 | .679 | .723 | .899 | .506 | not asked | not asked | .568 |

Held out, beside the bundle before (7ce0bfad5576), whose weights are the same: photographs .863 [.791, .931] for .837, text P@10 .897 for .871,
image P@10 .738 for .727, picture + text .909 for .885, audio P@10 .572 for .563; it costs text->image R@10 .520 for .526, image->text .522 for .540,
audio->item R@10 .645 for .658 and R@1 .224 for .263 (76 sounds), the prototype's lines .539 for .546 and .548 for .550, and translations .839 of English for
.845. Titles and translations were looked at after the share was chosen, and it was kept.

### Tried and left out: mixtures, hidden features, whole texts, emoji

The linear stage alone, by a script, with a centre of 0.5, reading the tuned encoder; all lines in one session. Chosen on the validation
part and the 93 photographs; nothing held out was looked at. A text is read whole or in one of three shorter views; the last two columns
ask with titles alone: for the picture, and for the category.

| model | validation text->image R@10 | image->text R@10 | image P@10 | text P@10 | audio->item R@10 | mean of all lines | photographs | title->image R@10 | title P@10 |
|---|---|---|---|---|---|---|---|---|---|
| as it was: texts whole in 1 of 4 draws | .568 | .585 | .713 | .864 | .679 | .561 | .831 | .465 | .669 |
| whole in 1 of 2 | .583 | .594 | .716 | .866 | .679 | .564 | .835 | .450 | .665 |
| whole in 3 of 4 | .603 | .597 | .712 | .869 | .698 | .565 | .830 | .445 | .657 |
| always whole | .605 | .599 | .714 | .871 | .736 | .571 | .827 | .426 | .610 |
| 1 of 2, 150 epochs for 60 | .568 | .581 | .715 | .866 | .698 | .561 | .823 | .423 | .651 |
| 1 of 2, 30 epochs | .594 | .594 | .710 | .864 | .679 | .571 | .825 | .460 | .663 |
| 1 of 2, 0.2 of the features hidden | .601 | .601 | .716 | .867 | .698 | .573 | .827 | .456 | .664 |
| the same, 0.4 | .601 | .597 | .711 | .865 | .679 | .567 | .827 | .441 | .655 |
| 1 of 2, 0.1 hidden, and mixtures of two items aligned (FuseMix) | .610 | .596 | .714 | .863 | .717 | .575 | .830 | .469 | .662 |
| the same, with emoji in four drawings | .627 | .634 | .701 | .864 | .698 | .572 | .818 | .449 | .645 |
| the same, emoji drawn 0.3 times as often, 45 epochs | .619 | .614 | .710 | .863 | .736 | .575 | .823 | .458 | .656 |
| without emoji, photographs twice as often | .597 | .608 | .708 | .865 | .698 | .568 | .838 | .460 | .661 |
| mean of the maps of the two lines "with emoji" and "photographs twice as often" | .642 | .614 | .711 | .866 | .717 | .577 | .831 | .469 | .658 |
| mean of the maps with and without emoji | .638 | .621 | .716 | .866 | .717 | .581 | .828 | .467 | .660 |
| mean of three seeds of the second line | .586 | .601 | .715 | .869 | .679 | .561 | .829 | .463 | .665 |
| scores less a quarter of each item's similarity to its ten nearest queries (CSLS), on the second line | .610 | .603 | .710 | .867 | .736 | .578 | .820 | .450 | not asked |
| the peak of the picture's patches read, too (0.4 hidden) | .601 | .585 | .717 | .866 | .642 | .563 | .831 | .460 | .659 |

The line of the two means "photographs twice as often" was trained through, with nothing of the corpus that bears the title of an item
that is asked about, cut-outs pasted on pictures of the training part alone, and 0.7 of the mean embedding taken off. Beside
the bundle shipped, which saw 31 such titles of held-out items:

| bundle | text->image R@10 | image->text R@10 | image P@10 | text P@10 | audio->item R@10 | photographs |
|---|---|---|---|---|---|---|
| validation part and the 93 photographs: shipped | .570 | .566 | .713 | .865 | .679 | .823 |
| trained through | .619 | .614 | .711 | .861 | .717 | .829 |
| held-out items and the 67 photographs: shipped | .526 | .540 | .727 | .871 | .658 | .837 |
| trained through | .542 | .551 | .722 | .863 | .671 | .813 |
| held out of openclipart and Tux Paint alone (427): shipped | .546 | .550 | not noted | not noted | not noted | |
| trained through | .546 | .574 | not noted | not noted | not noted | |

What was gained where it was chosen is a third of that where it was not, and photographs lose as much. Not shipped.

The emoji were those of Noto, Fluent Emoji, OpenMoji and Twemoji, 3,583 drawings of 899 things with Unicode's names and keywords, none of which is
a picture of the catalogue (the nearest are 4 of 64 bits of the perceptual hash apart: a broom, and a dagger beside a wrench).
"""
