"""The main job: ``python run_pipeline.py run`` reads data/raw and writes data/processed. The same as ``liqa``."""

from __future__ import annotations

from pipeline.cli import main

if __name__ == "__main__":
    main()
