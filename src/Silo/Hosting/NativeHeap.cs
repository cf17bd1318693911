using System.Runtime.InteropServices;

namespace CioOrleans.Silo.Hosting;

/// <summary>
/// The heap of native code: SQLite's caches and the buffers of decompression. The C library keeps what was freed in an arena for each thread, and gives it
/// back to the system only when asked.
/// </summary>
internal static class NativeHeap
{
    private static readonly MallocTrim? _trim = Find();

    private delegate int MallocTrim(nuint pad);

    /// <summary>Gives unused memory back. Does nothing where the C library is not glibc.</summary>
    public static void Trim() => _trim?.Invoke(0);

    private static MallocTrim? Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var trim)
            ? Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)
            : null;
}
