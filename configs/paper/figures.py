#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Regenerates the figures of the Interstellar paper (Yang et al., ASPLOS 2020) with accelsim: docs/paper.md and its pictures.

Usage: ./paper [--simulate GMAC] [--only PART] [-o DIR]
Every number comes from `accelsim optimize` or a simulated run. Simulations are kept in out/paper and done once.
"""
import argparse
import hashlib
import json
import math
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib
import yaml

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "accelsim", "font.size": 9, "axes.spines.top": False,
                            "axes.spines.right": False, "figure.constrained_layout.use": True})
import matplotlib.pyplot as plt  # noqa: E402  (after the backend is chosen)

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
WORK = ROOT / "out" / "paper"
PROGRAM = os.environ.get("ACCELSIM_PROGRAM", str(ROOT / "out" / "build" / "release" / "bin" / "accelsim"))

BASELINE = CONFIGS / "accelerators" / "interstellar_baseline.yaml"  # 16 x 16 PEs, 512 B, 128 KB, C | K
FOUR_LEVELS = CONFIGS / "paper" / "four_levels.yaml"
FILES = ["16B", "32B", "64B", "128B", "256B", "512B"]
BUFFERS = ["32KiB", "64KiB", "128KiB", "256KiB", "512KiB"]
THREE_GRID = {"RegisterFile": FILES, "GlobalBuffer": BUFFERS}
FOUR_GRID = {"RegisterFile": FILES[:3], "OuterFile": FILES[2:], "GlobalBuffer": BUFFERS[1:]}
BASE_SIZES = (131072, 512)
THREE_NAMES = ("GlobalBuffer", "RegisterFile")
FOUR_NAMES = ("GlobalBuffer", "OuterFile", "RegisterFile")
# Okabe and Ito's colours, which most people can tell apart.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]

CNN = {"alexnet": 16, "vgg16": 16, "googlenet": 16, "mobilenet": 16, "resnet50": 16}
OTHERS = {"lstm_m": 128, "lstm_l": 128, "rhn": 128, "mlp_m": 128, "mlp_l": 128}
PAPER_GAIN = {"mobilenet": "4.2", "lstm_m": "1.6", "mlp_m": "1.8"}


class NothingFits(Exception):
    """No mapping within what was asked for."""


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    if "nothing in the space of the search fits" in done.stdout + done.stderr:
        raise NothingFits
    if done.returncode != 0:
        sys.exit(f"accelsim {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
    return done.stdout


def network_file(name):
    if isinstance(name, Path):
        return name
    own = CONFIGS / "paper" / f"{name}.yaml"
    return own if own.exists() else CONFIGS / "networks" / f"{name}.yaml"


def layers(name):
    """Name, dimensions and repetitions of each layer that the model has words for, layers of one shape together."""
    seen = {}
    for layer in yaml.safe_load(network_file(name).read_text())["network"]["layers"]:
        workload = layer.get("workload")
        if workload is None or workload["type"] == "depthwise":
            continue
        shape = json.dumps(workload, sort_keys=True)
        if shape in seen:
            seen[shape]["repeat"] += layer.get("repeat", 1)
        else:
            seen[shape] = {"name": layer["name"], "repeat": layer.get("repeat", 1), "dimensions": workload["dimensions"],
                           "stride": workload.get("stride", 1)}
    return list(seen.values())


def left_out(name):
    """Share of the MACs of a network in depthwise layers, which the model cannot express."""
    total = depthwise = 0
    for layer in yaml.safe_load(network_file(name).read_text())["network"]["layers"]:
        if "workload" in layer:
            macs = math.prod(layer["workload"]["dimensions"].values()) * layer.get("repeat", 1)
            total += macs
            depthwise += macs if layer["workload"]["type"] == "depthwise" else 0
    return depthwise / total


def optimize(network, layer, architecture, batch, *, grid=None, hints=True, more=(), auto=None,
             output=None):
    """One call of `accelsim optimize`, its JSON. `hints`: C | K, as many lanes as the layer has channels for, axes filled up."""
    innermost = "OuterFile" if architecture == FOUR_LEVELS else "RegisterFile"
    space = dict(auto or {"replication": True})
    if hints:
        space["hints"] = [{"dimension": d, "level": innermost, "unroll": min(16, layer["dimensions"].get(d, 1))} for d in "CK"]
        space["hints"] = [hint for hint in space["hints"] if hint["unroll"] > 1]
    key = hashlib.sha256(json.dumps([str(network), layer["name"], str(architecture), space, grid, more]).encode()).hexdigest()[:16]
    run_file, result = WORK / f"{key}.yaml", WORK / f"{key}.json"
    run_file.write_text(yaml.safe_dump({"workload": str(network_file(network)), "architecture": str(architecture),
                                        "energy": str(CONFIGS / "energy" / "interstellar_28nm.yaml"),
                                        "mapping": {"auto": space}}))
    arguments = ["optimize", run_file, "--set", f"workload.batch={batch}", "--layer", layer["name"], "--json", result, "--quiet",
                 "--no-simulation", "--seconds", "0", "-j", "1"]
    for level, sizes in (grid or {}).items():
        arguments += ["--memory", f"{level}={','.join(sizes)}"]
    if output:
        arguments += ["-o", output]
    run(*arguments, *more)
    return json.loads(result.read_text())


def energies(network, architecture, batch, grid, pool):
    """Energy of the whole network per memory system, each layer with its best mapping; inf where a layer does not fit."""
    total = {}
    found = pool.map(lambda layer: (layer, optimize(network, layer, architecture, batch, grid=grid)), layers(network))
    for layer, result in found:
        for row in result["memories"]:
            key = tuple(row["capacities"])
            energy = row["energy_pj"]
            total[key] = total.get(key, 0) + (math.inf if energy is None else energy * layer["repeat"])
    return total


def size(value):
    return f"{value // 1024} KiB" if value >= 1024 else f"{value} B"


def sizes_text(capacities):
    return " + ".join(size(value) for value in reversed(capacities))


def save(figure, folder, name, alt):
    path = folder / f"{name}.svg"
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    # matplotlib ends some lines with blanks.
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")
    return f"![{alt}](paper/{name}.svg)\n"


def find_layer(network, name):
    for layer in yaml.safe_load(network_file(network).read_text())["network"]["layers"]:
        if layer["name"] == name:
            return {"name": name, "repeat": 1, "dimensions": layer["workload"]["dimensions"]}
    raise KeyError(f"{network} has no layer {name}")


CONV1 = ("alexnet", find_layer("alexnet", "conv1"), 16, "AlexNet CONV1, batch 16")
CONV3 = ("alexnet", find_layer("alexnet", "conv3"), 16, "AlexNet CONV3, batch 16")
C3R = ("googlenet", find_layer("googlenet", "inception_4c_3x3_reduce"), 16, "GoogLeNet 4C3R, batch 16")


def leading(flow):
    """The first loops of both axes of a dataflow such as "CX | K", alike for what only swaps height and width or the axes."""
    first = [re.match("FX|FY|[NKCXY]", axis).group() for axis in flow.split(" | ")]
    swapped = [loop.translate(str.maketrans("XY", "YX")) for loop in first]
    return " | ".join(min(sorted(first), sorted(swapped)))


def dataflows(folder):
    """Energy of every dataflow with its best blocking, on two memory systems."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 4))
    rows = ["| layer | register file | dataflows | the worst over the best | C \\| K over the best |",
            "| --- | --- | --- | --- | --- |"]
    for axis, (network, layer, batch, title) in zip(axes, (CONV3, C3R)):
        names = None
        for i, file in enumerate(("512 B", "64 B")):
            more = ["--dataflows", "--set", f"architecture.levels.RegisterFile.capacity={file}"]
            found = optimize(network, layer, BASELINE, batch, hints=False, more=more,
                             auto={"replication": True, "min_utilization": 0.75})
            flows = {}
            for row in found["dataflows"]:
                if "|" in row["dataflow"]:
                    name = leading(row["dataflow"])
                    flows[name] = min(flows.get(name, math.inf), row["energy_pj"])
            names = names or sorted(flows, key=flows.get)
            axis.barh([names.index(n) + 0.2 - 0.4 * i for n in flows], [e / 1e9 for e in flows.values()], 0.4, color=COLOURS[i],
                      label=f"{file} register file")
            all_of_them = [row["energy_pj"] for row in found["dataflows"]]
            best = min(all_of_them)
            rows.append(f"| {title} | {file} | {len(all_of_them)} | {max(all_of_them) / best:.2f} | {flows['C | K'] / best:.2f} |")
        axis.set_yticks(range(len(names)), names)
        axis.set(title=title, xlabel="energy, mJ", ylim=(len(names) - 0.4, -0.6))
    axes[1].legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    picture = save(figure, folder, "dataflows", "Energy of dataflows with their best blockings")
    return ("## Dataflows\n\nThe best blocking of every dataflow that uses three quarters of each axis, replication allowed; "
            "16 x 16 PEs, 128 KB buffer. The paper: with good blocking and replication many dataflows come close to the best. "
            "The picture has the best of each pair of first loops, whatever replicates them; X stands for Y, too.\n\n" + picture +
            "\n" + "\n".join(rows) + "\n")


def used_lanes(network, layer, batch, pair, allowed):
    """Share of the MAC units that a dataflow uses at most; with replication: of those led by this pair of loops."""
    hints = []
    for dimension in pair:
        extent = layer["dimensions"].get(dimension, 1)
        hints.append({"dimension": dimension, "level": "RegisterFile", "unroll": math.ceil(extent / math.ceil(extent / 16))})
    best = 0
    for least in (0.75, 0.5, 0):
        auto = {"replication": allowed, "min_utilization": least if allowed else 0, "hints": hints}
        try:
            found = optimize(network, layer, BASELINE, batch, hints=False, more=["--dataflows"], auto=auto)
        except NothingFits:
            continue
        best = max([best] + [row["utilization"] for row in found["dataflows"]])
    return best


def replication(folder):
    """Share of the MAC units that dataflows use, without and with a second loop on an axis."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), sharey=True)
    rows = ["| layer | dataflow | one loop per axis | with replication |", "| --- | --- | --- | --- |"]
    pairs = [("FX", "FY"), ("FY", "Y"), ("X", "Y"), ("C", "K"), ("X", "K"), ("X", "C")]
    for axis, (network, layer, batch, title) in zip(axes, (CONV3, CONV1)):
        used = [[used_lanes(network, layer, batch, pair, allowed) for pair in pairs] for allowed in (False, True)]
        for i, shares in enumerate(used):
            axis.bar([n - 0.2 + 0.4 * i for n in range(len(pairs))], [100 * share for share in shares], 0.4, color=COLOURS[i],
                     label="with replication" if i else "one loop per axis")
        axis.set_xticks(range(len(pairs)), [" | ".join(pair) for pair in pairs])
        axis.set(title=title, ylim=(0, 105))
        for pair, alone, together in zip(pairs, *used):
            rows.append(f"| {title} | {pair[0]} \\| {pair[1]} | {100 * alone:.1f}% | {100 * together:.1f}% |")
    axes[0].set_ylabel("MAC units used, %")
    axes[0].legend(frameon=False, loc="upper left")
    picture = save(figure, folder, "replication", "MAC units used without and with replication")
    return ("## Replication\n\nMAC units that a dataflow uses when each axis has one loop, and when a second loop may fill what the first leaves empty; 16 x 16 PEs.\n\n" +
            picture + "\n" + "\n".join(rows) + "\n")


def all_blockings(network, layer, batch, half_full=False):
    """Of C | K on the baseline: the best's energy, and the share of the blockings (in %) up to each ratio to it."""
    auto = {"replication": True, "half_full": True} if half_full else None
    found = optimize(network, layer, BASELINE, batch, more=["--exhaustive"], auto=auto)
    best, steps = found["best"]["energy_pj"], found["distribution"]
    number = sum(step["mappings"] for step in steps)
    shares, below = [], 0
    for step in steps:
        below += step["mappings"]
        shares.append((step["energy_pj"] * 1.01 / best, 100 * below / number))
    return best, number, shares


def blocking(folder):
    """How many blockings come close to the best."""
    figure, axis = plt.subplots(figsize=(6, 3.4))
    rows = ["| layer | memories | blockings | within 1.25x | within 1.5x | within 2x | worst |", "| --- " * 7 + "|"]
    for i, (network, layer, batch, title) in enumerate((CONV3, C3R)):
        for half_full in (False, True):
            _, number, shares = all_blockings(network, layer, batch, half_full)
            if not half_full:
                axis.step(*zip(*shares), where="post", color=COLOURS[i], label=title)
            within = {limit: max((share for ratio, share in shares if ratio <= limit), default=0) for limit in (1.25, 1.5, 2)}
            rows.append(f"| {title} | {'half full' if half_full else 'any'} | {number:,} | " +
                        " | ".join(f"{within[limit]:.1f}%" for limit in within) + f" | {shares[-1][0]:.1f}x |")
    axis.axvline(1.25, color="0.6", linewidth=0.8, linestyle=":")
    axis.set(xlabel="energy over the best", ylabel="blockings, %", xlim=(1, 6), ylim=(0, 100))
    axis.legend(frameon=False)
    picture = save(figure, folder, "blocking", "Share of blockings by energy over the best")
    return ("## Blocking\n\nEvery blocking of C | K that fits the baseline, each in its cheapest loop order. The paper: about 30% lie within 1.25x of the best. "
            "Its program looks only at blockings that fill each memory at least by half (`half_full`), and the share depends on that more than on anything else: "
            "most of what is dear leaves memories empty.\n\n" +
            picture + "\n" + "\n".join(rows) + "\n")


def memories(folder, three):
    """Energy of AlexNet over register file and buffer sizes."""
    figure, axis = plt.subplots(figsize=(6, 3.6))
    buffers = sorted({key[0] for key in three})
    files = sorted({key[1] for key in three})
    for i, buffer in enumerate(buffers):
        axis.plot(range(len(files)), [three[(buffer, file)] / 1e9 for file in files], marker="o", color=COLOURS[i], label=size(buffer))
    axis.set_xticks(range(len(files)), [size(file) for file in files])
    axis.set(xlabel="register file of a PE", ylabel="energy, mJ", ylim=(0, None))
    axis.legend(title="buffer", frameon=False)
    picture = save(figure, folder, "memories", "Energy of AlexNet over the sizes of its memories")
    best = min(three, key=three.get)
    ratio = best[0] / (256 * best[1])
    rows = ["| register file | " + " | ".join(size(b) for b in buffers) + " |", "| --- " * (len(buffers) + 1) + "|"]
    for file in files:
        rows.append(f"| {size(file)} | " + " | ".join(f"{three[(b, file)] / 1e9:.1f}" for b in buffers) + " |")
    base = three[BASE_SIZES]
    at_64 = three[(BASE_SIZES[0], 64)]
    return (f"## Memory sizes\n\nAlexNet at batch 16, all layers, C | K, the best mapping at every point; mJ. The best are {sizes_text(best)}: the buffer is {ratio:.0f} times "
            f"as large as all register files together (the paper: neighbours on chip 4 to 16 times apart). With the baseline's buffer a register file of 64 B instead of 512 B saves {base / at_64:.1f}x "
            f"(the paper: 2.6x).\n\n" + picture + "\n" + "\n".join(rows) + "\n")


def simulate(network, architecture, batch, capacities, names):
    """Energy, energy of the DRAM and cycles of the simulated network, every layer with its best mapping, every output checked."""
    more = []
    for name, capacity in zip(names, capacities):
        more += ["--set", f"architecture.levels.{name}.capacity={size(capacity).replace(' ', '')}"]
    energy = dram = cycles = 0
    for layer in layers(network):
        key = hashlib.sha256(json.dumps([network, layer["name"], str(architecture), batch, capacities]).encode()).hexdigest()[:16]
        best, result = WORK / f"best_{key}.yaml", WORK / f"simulated_{key}.json"
        before = best.read_text() if best.exists() else None
        optimize(network, layer, architecture, batch, more=more, output=best)
        if before != best.read_text() or not result.exists():
            run(best, "--quiet", "--json", result)
        record = json.loads(result.read_text())
        energy += layer["repeat"] * (record["energy_pj"] - record["mac"]["energy_pj"])
        dram += layer["repeat"] * record["levels"][0]["energy_pj"]
        cycles += layer["repeat"] * record["cycles"]
    return energy, dram, cycles


def gmacs(network, batch):
    """Of one occurrence of each layer: what a simulation has to do."""
    macs = sum(math.prod(layer["dimensions"].values()) for layer in layers(network))
    return macs * batch / 1e9


def gains(folder, arguments, pool):
    """The optimiser's gains over the baseline, by the model and simulated."""
    rows = ["| network | batch | baseline, mJ | three levels | gain | simulated | cycles | four levels | gain | simulated | cycles | DRAM's shares | "
            "paper |", "| --- " * 13 + "|"]
    bars = []
    alexnet = None
    notes = []
    for network, batch in {**CNN, **OTHERS}.items():
        three = energies(network, BASELINE, batch, THREE_GRID, pool)
        four = energies(network, FOUR_LEVELS, batch, FOUR_GRID, pool)
        alexnet = alexnet or three
        designs = [(BASELINE, BASE_SIZES, THREE_NAMES), (BASELINE, min(three, key=three.get), THREE_NAMES),
                   (FOUR_LEVELS, min(four, key=four.get), FOUR_NAMES)]
        gain = [three[BASE_SIZES] / three[designs[1][1]], three[BASE_SIZES] / four[designs[2][1]]]
        simulated, slower, shares = ["-", "-"], ["-", "-"], "-"
        if gmacs(network, batch) <= arguments.simulate:
            results = list(pool.map(lambda design: simulate(network, design[0], batch, *design[1:]), designs))
            (base_energy, _, base_cycles), *others = results
            simulated = [f"{base_energy / energy:.2f}x" for energy, _, _ in others]
            slower = [f"{cycles / base_cycles:.2f}" for _, _, cycles in others]
            shares = ", ".join(f"{100 * dram / energy:.0f}%" for energy, dram, _ in results)
        rows.append(f"| {network} | {batch} | {three[BASE_SIZES] / 1e9:.1f} | " +
                    " | ".join(f"{sizes_text(designs[1 + i][1])} | {gain[i]:.2f}x | {simulated[i]} | {slower[i]}" for i in range(2)) +
                    f" | {shares} | {'up to ' + PAPER_GAIN[network] + 'x' if network in PAPER_GAIN else '-'} |")
        bars.append((network, *gain))
        if left_out(network) > 0:
            notes.append(f"{network}: without its depthwise layers ({100 * left_out(network):.1f}% of the MACs), for which the "
                         "model has no words.")
        print(rows[-1], flush=True)
    figure, axis = plt.subplots(figsize=(8, 3.4))
    for i in range(2):
        axis.bar([n - 0.2 + 0.4 * i for n in range(len(bars))], [bar[1 + i] for bar in bars], 0.4, color=COLOURS[i],
                 label="four levels" if i else "three levels")
    axis.set_xticks(range(len(bars)), [bar[0] for bar in bars], rotation=20)
    axis.axhline(1, color="0.6", linewidth=0.8)
    axis.set(ylabel="energy of the baseline over the best's")
    axis.legend(frameon=False)
    picture = save(figure, folder, "gains", "Gains over the baseline per network")
    deeper = [bar[2] / bar[1] for bar in bars]
    text = ("## The optimiser's gains\n\nThe baseline: 16 x 16 PEs, 512 B of registers each, a 128 KB buffer, C | K. Beside it the best memory system of all "
            f"{len(FILES) * len(BUFFERS)} with three levels and of {math.prod(map(len, FOUR_GRID.values()))} with four (innermost first), one for all layers of a network, with as many PEs; each layer has "
            "the best mapping on both sides, C | K with replication. The paper: up to 4.2x on CNNs (MobileNet), 1.6x for LSTMs, 1.8x for MLPs (how its baseline was mapped is not in the notes that we have); a further level is worth about 25% "
            f"(here {100 * (1 - 1 / max(deeper)):.0f}% at most).\n\n" + picture + "\n" + "\n".join(rows) + "\n\n")
    text += (f"Simulated are networks of up to {arguments.simulate:g} G MACs over their different layers: every such layer with the "
             "model's best mapping, outputs checked, MACs left out as in the model. Cycles: simulated, over the baseline's simulated "
             "cycles; the model takes all designs for equally fast. DRAM's shares: of the simulated energy, of the baseline and of both designs.\n\n"
             "The simulated gains are smaller than the model's. The model does not count what a fill writes into a memory and a drain reads "
             "from it, and takes a window of inputs to slide for free; small register files are filled more often, and the more levels there are the more often a "
             "word is written. They also hold so little that a new tile is due every few steps, which costs cycles ([validation.md](validation.md) has the causes by name).\n")
    return text + "".join(f"\n{note}\n" for note in notes), alexnet


def sums_of_16_bits(network):
    """The network with sums as wide as operands, as the paper has them (a file's name for network_file)."""
    content = yaml.safe_load(network_file(network).read_text())
    for layer in content["network"]["layers"]:
        if "workload" in layer:
            layer["workload"]["bits"] = {"input": 16, "weight": 16, "output": 16}
    path = WORK / f"{network}_16.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return path


def once_through_dram(network, batch):
    """Energy of moving every tensor of every layer over the DRAM's port once: no design needs less."""
    words = 0
    for layer in layers(network):
        d = {**dict.fromkeys(("K", "C", "Y", "X", "FY", "FX"), 1), "N": batch, **layer["dimensions"]}
        stride = layer["stride"]
        rows, columns = (d["Y"] - 1) * stride + d["FY"], (d["X"] - 1) * stride + d["FX"]
        sums = 2 * d["K"] * d["Y"] * d["X"] * d["N"]  # of 32 bits
        words += layer["repeat"] * (d["K"] * d["C"] * d["FY"] * d["FX"] + sums + d["C"] * rows * columns * d["N"])
    return 200 * words


def reasons(_folder):
    """What becomes of MobileNet's gain under other assumptions."""
    network, batch = "mobilenet", CNN["mobilenet"]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        def best_of(file, items, three_grid=THREE_GRID, four_grid=FOUR_GRID):
            three = energies(file, BASELINE, items, three_grid, pool)
            four = energies(file, FOUR_LEVELS, items, four_grid, pool)
            return three.get(BASE_SIZES, 0), min(three.values()), min(four.values())

        def baseline(pair):
            def energy(layer):
                hints = []
                for dimension in pair:
                    extent = layer["dimensions"].get(dimension, 1)
                    unroll = math.ceil(extent / math.ceil(extent / 16))
                    hints += [{"dimension": dimension, "level": "RegisterFile", "unroll": unroll}] if unroll > 1 else []
                found = optimize(network, layer, BASELINE, batch, hints=False, auto={"replication": True, "hints": hints})
                return layer["repeat"] * found["best"]["energy_pj"]
            return sum(pool.map(energy, layers(network)))

        base, three, four = best_of(network, batch)
        large = ["512KiB", "1024KiB", "2048KiB", "4096KiB", "8192KiB"]
        _, *larger = best_of(network, batch, {**THREE_GRID, "GlobalBuffer": large}, {**FOUR_GRID, "GlobalBuffer": large})
        blockings = list(pool.map(lambda layer: (layer["repeat"], *all_blockings(network, layer, batch)), layers(network)))

        def quantile(share):
            return sum(repeat * best * min(ratio for ratio, below in shares if below >= share) / 1.01
                       for repeat, best, _, shares in blockings)

        rows = [("as above", base, three, four), ("buffers of 512 KiB to 8 MiB", base, *larger),
                ("baseline X \\| Y", baseline("XY"), three, four), ("baseline FY \\| Y", baseline(("FY", "Y")), three, four),
                ("batch 1", *best_of(network, 1)), ("sums of 16 bits, as the paper's", *best_of(sums_of_16_bits(network), batch)),
                ("baseline with the median blocking of each layer", quantile(50), three, four),
                ("baseline with a blocking that 90% are better than", quantile(90), three, four)]
    needed = float(PAPER_GAIN[network]) * four
    worse = next(share for share in range(50, 101) if quantile(share) >= needed)
    table = ["| changed | baseline, mJ | three levels, mJ | gain | four levels, mJ | gain |", "| --- " * 6 + "|"]
    for name, *(energy) in rows:
        table.append(f"| {name} | {energy[0] / 1e9:.1f} | " + " | ".join(f"{e / 1e9:.1f} | {energy[0] / e:.2f}x" for e in energy[1:]) + " |")
    return (f"## Why MobileNet gains less than {PAPER_GAIN[network]}x\n\nMobileNet at batch {batch}, by the model; one assumption changed at a time. Moving every tensor of every layer over the DRAM's port once "
            f"costs {once_through_dram(network, batch) / 1e9:.1f} mJ.\n\n" + "\n".join(table) + "\n\n"
            f"Larger memories, other dataflows, another batch or width change little. Only a baseline that is blocked without much care comes near the paper's figure: for {PAPER_GAIN[network]}x over the best four "
            f"levels it must cost {needed / 1e9:.0f} mJ, which {worse}% of each layer's blockings beat. With the best mapping on both sides the memories alone give {base / four:.2f}x.\n")


def main():
    parser = argparse.ArgumentParser(prog="./paper", description="Regenerates the Interstellar paper's figures: docs/paper.md.")
    parser.add_argument("--simulate", type=float, default=40, metavar="GMAC", help="simulate networks of up to so many G MACs (default: 40)")
    parser.add_argument("--only", choices=["dataflows", "replication", "blocking", "reasons"], help="this part, without the rest of the page")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs", metavar="DIR", help="where paper.md goes (default: docs)")
    arguments = parser.parse_args()
    folder = arguments.output / "paper"
    folder.mkdir(parents=True, exist_ok=True)
    WORK.mkdir(parents=True, exist_ok=True)
    parts = {"dataflows": dataflows, "replication": replication, "blocking": blocking, "reasons": reasons}
    if arguments.only:
        text = parts[arguments.only](folder)
    else:
        with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
            gained, alexnet = gains(folder, arguments, pool)
        pieces = [dataflows(folder), replication(folder), blocking(folder), memories(folder, alexnet), gained, reasons(folder)]
        text = "\n".join([(CONFIGS / "paper" / "introduction.md").read_text(), *pieces])
    (arguments.output / "paper.md").write_text(text)


if __name__ == "__main__":
    main()
