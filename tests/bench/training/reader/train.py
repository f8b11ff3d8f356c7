"""The training loop: fixed seed, resumable, on the cores at hand or on a GPU."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import count, islice
from os import environ
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, distributed
from torch.multiprocessing.spawn import spawn
from torch.utils.data import DataLoader, IterableDataset

from embeddings.minilm.package_files import verified_folder
from tests.bench.training.reader.batches import Batch, Maker, Tensors, batches
from tests.bench.training.reader.examples import Example, read
from tests.bench.training.reader.losses import WEIGHTS, losses, taught, total
from tests.bench.training.reader.network import HEAD_NAMES, Network, Outputs, cut

SEED = 1
WORKERS = 2
DECAY, WARM = 0.01, 0.05
HEADS_FASTER = 5  # the heads begin with nothing
KEPT_EVERY, TOLD_EVERY = 100, 20


@dataclass(frozen=True)
class Plan:
    """How long, on what, and where the state is kept."""

    examples: Path
    state: Path
    steps: int
    tokens: int = 6000  # of a step
    rate: float = 1.5e-4  # at its highest
    drawn: int = 1  # near passages beside the right one
    dropped: float = 0.0  # share of outputs
    layers: int = 6
    device: str = "cpu"
    seed: int = SEED
    start: Path | None = None  # weights of a reader of six layers; None: those of the trunk
    teachers: tuple[Path, ...] = ()  # weights of readers that it learns from besides
    kept_every: int = KEPT_EVERY

    def weights(self, step: int) -> Path:
        """Where the weights after a step are kept."""
        return self.state / f"weights-{step}.safetensors"


def train(plan: Plan) -> None:
    """Trains until `plan.steps` are done, from the state that is there, if there is one.

    On a CPU by two processes of one thread each, each with its part of every batch: threads that
    share a product wait for one another, so that other work on the machine would stop them both.
    """
    if plan.device == "cpu":
        environ.setdefault("MASTER_ADDR", "127.0.0.1")
        environ.setdefault("MASTER_PORT", "29517")
        spawn(_worker, (plan, WORKERS), WORKERS)
    else:
        _worker(0, plan, 1)


def network_of(plan: Plan, trained: Path | None = None) -> Network:
    """A network with the trunk's weights, or with those that were trained."""
    weights = load_file(verified_folder() / "model.safetensors")
    network = Network(weights, plan.layers, plan.dropped)
    if trained:
        network.take(load_file(trained))
    return network.to(plan.device)


def _worker(rank: int, plan: Plan, workers: int) -> None:
    if workers > 1:
        torch.set_num_threads(1)
        distributed.init_process_group("gloo", rank=rank, world_size=workers)
    torch.manual_seed(plan.seed)
    network = network_of(plan)
    if plan.start:
        network.take(cut(load_file(plan.start), plan.layers))
    teachers = [network_of(replace(plan, layers=6), path).eval() for path in plan.teachers]
    optimizer = _optimizer(network, plan.rate)
    done = _resumed(plan, network, optimizer)
    sums: list[Tensor] = []
    started, tokens = time.monotonic(), 0
    for step, batch in enumerate(_stream(plan, done, rank, workers), done + 1):
        _rates(optimizer, step, plan.steps)
        sums.append(_step(network, teachers, optimizer, batch.to(plan.device)))
        tokens += len(batch.tokens) * workers
        if rank == 0 and step % TOLD_EVERY == 0:
            means = torch.stack(sums).mean(0).tolist()
            told = {name: round(mean, 4) for name, mean in zip(WEIGHTS, means, strict=True)}
            speed = round(tokens / (time.monotonic() - started))
            print(json.dumps({"step": step, "tokens_per_s": speed, **told}), flush=True)
            sums.clear()
        if rank == 0 and (step % plan.kept_every == 0 or step == plan.steps):
            _keep(plan, network, optimizer, step)


def _stream(plan: Plan, done: int, rank: int, workers: int) -> Iterator[Tensors]:
    """The batches after the first `done`, or a worker's part of each.

    On a GPU another process makes them: the one that gives it work has no time for it.
    """
    found = _Stream(plan, done, rank, workers)
    if plan.device == "cpu":
        return iter(found)
    _tokenised(plan.examples)  # a process that is made now has it, too
    return iter(DataLoader(found, batch_size=None, num_workers=1, prefetch_factor=32))


class _Stream(IterableDataset[Tensors]):
    """Each epoch in an order of its own, always the same."""

    def __init__(self, plan: Plan, done: int, rank: int, workers: int) -> None:
        self._plan, self._done, self._rank, self._workers = plan, done, rank, workers

    def __iter__(self) -> Iterator[Tensors]:
        for batch in islice(self._endless(), self._done, self._plan.steps):
            yield batch.part(self._rank, self._workers).tensors()

    def _endless(self) -> Iterator[Batch]:
        plan, (examples, maker) = self._plan, _tokenised(self._plan.examples)
        for epoch in count():
            rng = random.Random(f"{plan.seed} {epoch}")
            maker.begin(rng, plan.drawn)
            yield from batches(rng.sample(examples, len(examples)), maker, plan.tokens)


@cache
def _tokenised(path: Path) -> tuple[list[Example], Maker]:
    examples, maker = list(read(path)), Maker(tokenizer())
    maker.know(examples)
    return examples, maker


def tokenizer() -> Tokenizer:
    """The trunk's, which cuts nothing off."""
    found = Tokenizer.from_file(str(verified_folder() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


def _optimizer(network: Network, rate: float) -> torch.optim.AdamW:
    parts: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
    for name, parameter in network.named_parameters():
        parts[name.split(".")[0] in HEAD_NAMES].append(parameter)
    groups = [
        {"params": parts[False], "peak": rate},
        {"params": parts[True], "peak": HEADS_FASTER * rate},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), weight_decay=DECAY, fused=True)


def _rates(optimizer: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Rises for a twentieth of the steps, then falls to nothing."""
    share = min(step / max(1, WARM * steps), (steps - step + 1) / (steps * (1 - WARM)))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(0.0, min(1.0, share))


def _step(
    network: Network, teachers: Sequence[Network], optimizer: torch.optim.Optimizer, batch: Tensors
) -> Tensor:
    """The losses, in the order of WEIGHTS, before the step."""
    network.train()
    found = outputs(network, batch)
    parts = losses(batch, found)
    loss = total(parts)
    if teachers:
        with torch.no_grad():
            shown = [outputs(teacher, batch) for teacher in teachers]
        mean = Outputs(*(torch.stack(each).mean(0) for each in zip(*shown, strict=True)))
        loss = (loss + total(taught(batch, found, mean))) / 2
    loss.backward()
    if distributed.is_initialized():
        _share(network)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return torch.stack([parts[name].detach() for name in WEIGHTS])


def outputs(network: Network, batch: Tensors) -> Outputs:
    """What the network finds, in float32; on a GPU its products are of bfloat16."""
    on_gpu = batch.tokens.is_cuda
    with torch.autocast("cuda", torch.bfloat16, enabled=on_gpu):
        found = network(batch.tokens, batch.kinds, batch.layout)
    return Outputs(*(each.float() for each in found))


def _share(network: Network) -> None:
    """The mean of the workers' gradients."""
    gradients = [
        p.grad if p.grad is not None else torch.zeros_like(p) for p in network.parameters()
    ]
    flat = torch.cat([g.flatten() for g in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for parameter, part in zip(
        network.parameters(), torch.split(flat, [g.numel() for g in gradients]), strict=True
    ):
        parameter.grad = part.view_as(parameter)


# --- state: weights and both moments, beside how far it is ---------------------------------------


def _keep(plan: Plan, network: Network, optimizer: torch.optim.Optimizer, step: int) -> None:
    plan.state.mkdir(parents=True, exist_ok=True)
    tensors = {f"weight/{n}": p.detach().cpu() for n, p in network.named_parameters()}
    for name, parameter in network.named_parameters():
        for moment in ("exp_avg", "exp_avg_sq"):
            tensors[f"{moment}/{name}"] = optimizer.state[parameter][moment].cpu()
    new = plan.state / "state.new"
    save_file(tensors, new, {"step": str(step)})
    new.replace(plan.state / "state.safetensors")
    save_file(network.named_weights(), plan.weights(step))


def _resumed(plan: Plan, network: Network, optimizer: torch.optim.Optimizer) -> int:
    """How many steps are done; their state is taken over."""
    path = plan.state / "state.safetensors"
    if not path.exists():
        return 0
    with safe_open(path, "pt") as file:
        done = int(file.metadata()["step"])
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                parameter.copy_(file.get_tensor(f"weight/{name}"))
                optimizer.state[parameter] = {
                    "step": torch.tensor(float(done)),
                    "exp_avg": file.get_tensor(f"exp_avg/{name}").to(parameter.device),
                    "exp_avg_sq": file.get_tensor(f"exp_avg_sq/{name}").to(parameter.device),
                }
    return done
