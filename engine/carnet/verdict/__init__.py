# SPDX-License-Identifier: Apache-2.0
"""From truths to decisions, written once: for one profile a bit is 0 or 1, for a table it is a bitmap of its rows."""
