// Wine 8 has no bcryptprimitives.dll, from which Rust takes the seeds of its hash tables. This is for trials under Wine alone,
// and is no part of anything that is released.
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG); // RtlGenRandom

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
  return SystemFunction036(data, (ULONG)length);
}
