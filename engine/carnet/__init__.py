# SPDX-License-Identifier: Apache-2.0
"""Market access for intelligent vehicles: declared facts in, findings with their provision out."""

__version__ = "0.1.0"
