"""The label-efficiency contest: real data sets, our strategies and the peers', the same seeds and the same models."""
