"""Predictions and labels with parts in; how right the model is, part by part, as tidy tables, out."""
