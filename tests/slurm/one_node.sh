#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A Slurm cluster of this one machine, for tests: one_node.sh DIR COMMAND... starts it with all its files in DIR, runs the command with
# SLURM_CONF set, and ends it. Needs root and Debian's slurm-wlm and munge; 77 when they are not there.
set -euo pipefail
PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd sbatch squeue; do
    command -v "$program" >/dev/null || { echo "skipped: no $program here (Debian packages: slurm-wlm munge)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: Slurm's daemons need root"; exit 77; }
mkdir -p "$1/state" "$1/spool"
dir=$(cd "$1" && pwd)
shift
host=$(hostname -s)
# Ports that two tests at a time do not share.
port=$((20000 + $$ % 20000))
cat >"$dir/slurm.conf" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
AuthInfo=socket=$dir/munge.socket
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MailProg=/bin/true
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$dir/slurm.conf
head -c 1024 /dev/urandom >"$dir/munge.key"
chmod 400 "$dir/munge.key"
daemons=()
stop() { kill "${daemons[@]}" 2>/dev/null || true; wait 2>/dev/null || true; }
trap stop EXIT
munged --foreground --force --key-file "$dir/munge.key" --socket "$dir/munge.socket" --pid-file "$dir/munged.pid" --log-file "$dir/munged.log" \
    --seed-file "$dir/munged.seed" >"$dir/munged.out" 2>&1 &
daemons+=($!)
while [ ! -S "$dir/munge.socket" ]; do kill -0 "${daemons[0]}" 2>/dev/null || { cat "$dir/munged.out"; exit 1; }; sleep 0.1; done
slurmctld -D >"$dir/slurmctld.out" 2>&1 &
daemons+=($!)
slurmd -D >"$dir/slurmd.out" 2>&1 &
daemons+=($!)
until sinfo --noheader --format=%T 2>/dev/null | grep -q idle; do
    for daemon in "${daemons[@]}"; do kill -0 "$daemon" 2>/dev/null || { tail -5 "$dir"/*.out "$dir"/*.log; exit 1; }; done
    sleep 0.2
done
"$@"
