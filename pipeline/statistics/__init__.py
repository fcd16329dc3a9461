"""Pure estimation: arrays in, frozen results out. One file per idea; docs/methods.md explains them.

NaN in an array means "no number here"; whether that is so, and why, is said by a flag or a code
beside it, or by a `CannotTell` in place of the result. Nothing here reads, writes or ranks.
"""
