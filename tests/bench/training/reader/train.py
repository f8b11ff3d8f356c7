"""The training loop: fixed seed, resumable, on the cores at hand or on a GPU."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from os import environ
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import distributed
from torch.multiprocessing.spawn import spawn

from embeddings.minilm.package_files import verified_folder
from tests.bench.training.reader.batches import Batch, Maker, batches
from tests.bench.training.reader.examples import read
from tests.bench.training.reader.losses import losses, total
from tests.bench.training.reader.network import HEAD_NAMES, Network, split

SEED = 1
WORKERS = 2
RATE, HEAD_RATE, DECAY, WARM = 1.5e-4, 1e-3, 0.01, 0.05
KEPT_EVERY, TOLD_EVERY = 100, 20


@dataclass(frozen=True)
class Plan:
    """How long, on what, and where the state is kept."""

    examples: Path
    state: Path
    steps: int
    tokens: int = 6000  # of a step
    layers: int = 6
    device: str = "cpu"
    begin: Path | None = None  # weights to begin with; None: the trunk's

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


def _worker(rank: int, plan: Plan, workers: int) -> None:
    if workers > 1:
        torch.set_num_threads(1)
        distributed.init_process_group("gloo", rank=rank, world_size=workers)
    torch.manual_seed(SEED)
    network = Network(load_file(verified_folder() / "model.safetensors"), plan.layers)
    if plan.begin:
        network.take(load_file(plan.begin))
    network.to(plan.device)
    optimizer = _optimizer(network)
    done = _resumed(plan, network, optimizer)
    sums: dict[str, list[float]] = defaultdict(list)
    started, tokens = time.monotonic(), 0
    for step, batch in enumerate(_stream(plan, done), done + 1):
        _rates(optimizer, step, plan.steps)
        found = _step(network, optimizer, batch.part(rank, workers), plan.device)
        tokens += sum(len(pair.tokens) for pair in batch.pairs)
        for name, loss in found.items():
            sums[name].append(loss)
        if rank == 0 and step % TOLD_EVERY == 0:
            means = {name: round(sum(each) / len(each), 4) for name, each in sums.items()}
            speed = round(tokens / (time.monotonic() - started))
            print(json.dumps({"step": step, "tokens_per_s": speed, **means}), flush=True)
            sums.clear()
        if rank == 0 and (step % KEPT_EVERY == 0 or step == plan.steps):
            _keep(plan, network, optimizer, step)


def _stream(plan: Plan, done: int) -> Iterator[Batch]:
    """The batches after the first `done`; each epoch in an order of its own, always the same."""
    tokenizer = Tokenizer.from_file(str(verified_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return islice(_endless(plan, tokenizer), done, plan.steps)


def _endless(plan: Plan, tokenizer: Tokenizer) -> Iterator[Batch]:
    examples = list(read(plan.examples))
    for epoch in count():
        rng = random.Random(f"{SEED} {epoch}")
        rng.shuffle(examples)
        yield from batches(examples, Maker(tokenizer, rng), plan.tokens)


def _optimizer(network: Network) -> torch.optim.AdamW:
    parts: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
    for name, parameter in network.named_parameters():
        parts[name.split(".")[0] in HEAD_NAMES].append(parameter)
    groups = [
        {"params": parts[False], "peak": RATE},
        {"params": parts[True], "peak": HEAD_RATE},
    ]
    return torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), weight_decay=DECAY, fused=True)


def _rates(optimizer: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Rises for a twentieth of the steps, then falls to nothing."""
    share = min(step / max(1, WARM * steps), (steps - step + 1) / (steps * (1 - WARM)))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * max(0.0, min(1.0, share))


def _step(
    network: Network, optimizer: torch.optim.Optimizer, batch: Batch, device: str
) -> dict[str, float]:
    tokens, kinds, lengths = batch.tensors(device)
    spans, relevance, says = network(tokens, kinds, lengths)
    found = losses(batch, split(spans, lengths), relevance, says)
    total(found).backward()
    if distributed.is_initialized():
        _share(network)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return {name: float(loss.detach()) for name, loss in found.items()}


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
