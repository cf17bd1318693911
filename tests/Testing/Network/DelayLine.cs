using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CioOrleans.Testing.Network;

/// <summary>
/// A link whose other end is this process: each packet that is routed into it comes out of it again after a delay, in order, however
/// long that delay has been reset since. It does what a network does that holds packets: those that it holds arrive after newer ones
/// where the delay has become shorter.
/// </summary>
public sealed class DelayLine : IDisposable
{
    private const int MostBytes = 65_536;
    private const nuint SetInterface = 0x400454CA;
    private const short TunWithoutHeader = 0x1001;

    private readonly SafeFileHandle _link;
    private readonly CancellationTokenSource _stop = new();
    private long _delayTicks;

    private DelayLine(SafeFileHandle link)
    {
        _link = link;
        new Thread(Run) { IsBackground = true, Name = "delay line" }.Start();
    }

    /// <summary>How long each packet that enters from now on is held (default: zero).</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Makes the link in the network namespace of this process; it may be moved to another.</summary>
    /// <exception cref="IOException">It cannot be made here.</exception>
    public static DelayLine Create(string name)
    {
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "There is no /dev/net/tun.");
        var link = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        // struct ifreq: 16 bytes of name, then flags.
        var request = new byte[40];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(16), TunWithoutHeader);
        if (Control(link, SetInterface, request) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            link.Dispose();
            throw new IOException($"The link {name} cannot be made ({error}).");
        }

        return new DelayLine(link);
    }

    public void Dispose()
    {
        // A read that is under way ends with the process: the link leaves with its namespace.
        _stop.Cancel();
    }

    private void Run()
    {
        var buffer = new byte[MostBytes];
        while (!_stop.IsCancellationRequested)
        {
            var read = Read(_link, buffer, MostBytes);
            if (read <= 0)
            {
                return;
            }

            var packet = buffer.AsSpan(0, (int)read).ToArray();
            if (Delay is { Ticks: > 0 } delay)
            {
                _ = PassOnAsync(packet, delay);
            }
            else
            {
                Write(_link, packet, (nuint)packet.Length);
            }
        }
    }

    private async Task PassOnAsync(byte[] packet, TimeSpan delay)
    {
        await Task.Delay(delay, TimeProvider.System, CancellationToken.None);
        if (!_stop.IsCancellationRequested)
        {
            Write(_link, packet, (nuint)packet.Length);
        }
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, nuint request, byte[] argument);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(SafeFileHandle file, byte[] buffer, nuint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(SafeFileHandle file, byte[] buffer, nuint count);
}
