"""Puts the seeds into the wheel, as qa/sample: `qa add --sample` has them where no checkout is."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SEEDS = sorted(Path("seeds").iterdir())


class BuildWithSample(build_py):
    """The usual step that copies modules and data, and the seeds after them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:  # there the seeds stand beside the code
            for seed in SEEDS:
                self.copy_file(str(seed), str(self._place(seed)))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What is made, for whoever packs or removes it."""
        made: list[str] = super().get_outputs(include_bytecode)
        return made if self.editable_mode else made + [str(self._place(s)) for s in SEEDS]

    def _place(self, seed: Path) -> Path:
        folder = Path(self.build_lib) / "qa" / "sample"
        self.mkpath(str(folder))
        return folder / seed.name


setup(cmdclass={"build_py": BuildWithSample})
