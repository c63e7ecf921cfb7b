# SPDX-License-Identifier: Apache-2.0
"""What users bring: answers as they type them, and other people's files, turned into a profile."""
