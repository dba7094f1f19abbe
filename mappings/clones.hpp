// SPDX-License-Identifier: Apache-2.0
// ACCELSIM_CLONES before a function: compiled for several x86-64 levels, the best one of the processor taken when the program
// starts. Not under clang, which knows the attribute in another form, nor AddressSanitizer, which is not there yet by then.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define ACCELSIM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ACCELSIM_CLONES
#endif
