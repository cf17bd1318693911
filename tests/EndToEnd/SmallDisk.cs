using System.Diagnostics;

namespace CioOrleans.EndToEnd;

/// <summary>A small file system in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public long Free => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Null where this process may not mount one.</summary>
    public static SmallDisk? TryMount(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path) ? new SmallDisk(path) : null;
    }

    /// <summary>
    /// Takes all that is free at once, and then the rest until not one byte is free. The dispatcher has to be frozen meanwhile: what it frees when it finds the
    /// disk full is left to it.
    /// </summary>
    public string Fill()
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        var free = Free;
        using var file = new FileStream(filler, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0, PreallocationSize = free });
        file.SetLength(free);
        file.Seek(0, SeekOrigin.End);
        for (var bytes = 64 << 10; bytes > 0; bytes /= 2)
        {
            try
            {
                file.Write(new byte[bytes]);
            }
            catch (IOException)
            {
                // Half of it may have room.
            }
        }

        return filler;
    }

    // Lazily: a file may still be open.
    public void Dispose() => Run("umount", "--lazy", Path);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
