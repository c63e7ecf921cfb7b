# SPDX-License-Identifier: Apache-2.0
"""Many profiles at a time: a table in, a table out (needs the extra `fleet`)."""
