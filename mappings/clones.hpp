// SPDX-License-Identifier: Apache-2.0
// One function compiled for several generations of x86-64; the loader takes the best that the processor has.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define ACCELSIM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ACCELSIM_CLONES
#endif
