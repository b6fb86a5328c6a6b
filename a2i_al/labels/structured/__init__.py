"""Answers with parts in, one answer per item out: several labels, numbers, texts, and marks on pictures and texts.

Each method sees one item's answers at a time and returns a `Decision`; the table around it is made in `deciding`.

method          votes on                                     the label, in `value`
multi_label     every label                                  sorted list of labels
numbers         – (median or robust mean)                    number
text, medoid    the text in normal form; its edit distance   text
boxes           boxes matched by overlap                     crowd-bounding-box's answer
keypoints       points matched by distance                   crowd-keypoint's answer
polygons        polygons matched by overlap                  crowd-polygon's answer
masks           every pixel                                  crowd-semantic-segmentation's answer
spans           every character, token or span               crowd-entity-annotation's answer
key_values      every field of a document                    object of key and value
borda, kemeny   preferences between two options              list of options, the best first
"""
