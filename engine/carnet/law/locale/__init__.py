# SPDX-License-Identifier: Apache-2.0
"""The law in other languages: which of its texts people read, their translations, and a law that speaks them."""
