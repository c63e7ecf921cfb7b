# SPDX-License-Identifier: Apache-2.0
"""What a team keeps: profiles with their history, evidence, comments, assignments, snapshots, and a log of it all.

Functions take the `Store` and who is asking; whatever changes something writes its line of the log in the same
transaction. Nothing here decides about law.
"""
