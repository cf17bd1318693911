using System.Globalization;
using System.Text;

namespace CioOrleans.Testing.Fuzz;

/// <summary>How the end of a body is told.</summary>
public enum Framing
{
    Length,
    Chunked,

    /// <summary>The headers say it, or nothing does.</summary>
    Own,
}

/// <summary>What the client does with its connection behind the last byte.</summary>
public enum Ending
{
    /// <summary>It waits for the answers.</summary>
    Wait,

    /// <summary>It pauses in the middle of the bytes, then waits for the answers.</summary>
    Slow,

    /// <summary>It closes its own direction and reads on.</summary>
    HalfClose,

    /// <summary>It resets the connection.</summary>
    Reset,
}

/// <summary>One request, valid until it is mutated. Texts hold one character a byte.</summary>
public sealed class FuzzRequest
{
    public const string StrictMode = "X-Strict-Mode: 1";

    /// <summary>A text that no other request holds: whatever arrives with it comes from this one.</summary>
    public required string Marker { get; init; }

    public required string Method { get; set; }

    public required string Target { get; set; }

    public string Version { get; set; } = "HTTP/1.1";

    public required List<string> Headers { get; init; }

    public string Body { get; set; } = "";

    public Framing Framing { get; set; } = Framing.Length;

    /// <summary>Sizes of the chunks; used again from the first where the body is longer.</summary>
    public IReadOnlyList<int> Chunks { get; set; } = [7];

    /// <summary>Whether the server may see the request end elsewhere than the client: then no answer is owed and nothing follows from one.</summary>
    public bool IsLoose { get; set; }

    /// <summary>Whether the body is packed: the marker cannot be read in its bytes.</summary>
    public bool IsPacked { get; set; }

    /// <summary>Whether the body held the marker when it was packed.</summary>
    public bool IsMarkerPacked { get; set; }

    /// <summary>Whether it goes to the admin listener.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>Whether it is a call of the Pipelines API.</summary>
    public bool IsPipelines { get; init; }

    /// <summary>What was done to it, for the report.</summary>
    public List<string> Mutations { get; } = [];

    public Ending Ending { get; set; }

    /// <summary>Whether a 2xx means that Customer.io gets something that holds the marker.</summary>
    public bool IsOwed =>
        !IsAdmin && !IsLoose && Ending is Ending.Wait or Ending.Slow && (!IsPipelines || IsStrict)
        && (Target.StartsWith("/api/v1/", StringComparison.Ordinal) || Target.StartsWith("/api/v2/", StringComparison.Ordinal) || Target.StartsWith("/v1/", StringComparison.Ordinal))
        && (Target.Contains(Marker, StringComparison.Ordinal) || IsMarkerPacked || Body.Contains(Marker, StringComparison.Ordinal));

    /// <summary>A doubled header is another value.</summary>
    private bool IsStrict => Headers.Where(header => header.StartsWith("X-Strict-Mode", StringComparison.OrdinalIgnoreCase)).SequenceEqual([StrictMode]);

    /// <summary>Whether it goes to an API that refuses before it stores: what it answers 4xx must not arrive.</summary>
    public bool IsStoredApi => !IsAdmin && !IsLoose && (Target.StartsWith("/api/v1/", StringComparison.Ordinal) || Target.StartsWith("/api/v2/", StringComparison.Ordinal)) && !Target.Contains("region", StringComparison.Ordinal);

    /// <summary>The bytes on the wire.</summary>
    public string ToWire(bool isLast)
    {
        var wire = new StringBuilder($"{Method} {Target} {Version}\r\n");
        foreach (var header in Headers)
        {
            wire.Append(header).Append("\r\n");
        }

        if (isLast)
        {
            wire.Append("Connection: close\r\n");
        }

        switch (Framing)
        {
            case Framing.Length:
                wire.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n").Append(Body);
                break;
            case Framing.Chunked:
                wire.Append("Transfer-Encoding: chunked\r\n\r\n");
                for (int at = 0, n = 0; at < Body.Length; n++)
                {
                    var size = Math.Min(Body.Length - at, Chunks[n % Chunks.Count]);
                    wire.Append(CultureInfo.InvariantCulture, $"{size:x}\r\n").Append(Body, at, size).Append("\r\n");
                    at += size;
                }

                wire.Append("0\r\n\r\n");
                break;
            default:
                wire.Append("\r\n").Append(Body);
                break;
        }

        return wire.ToString();
    }

    public override string ToString()
    {
        var wire = ToWire(isLast: false);
        return $"[{string.Join(", ", Mutations)}{(Ending == Ending.Wait ? "" : $"; {Ending}")}] {(IsPacked ? wire[..wire.IndexOf("\r\n\r\n", StringComparison.Ordinal)] : wire[..Math.Min(wire.Length, 700)])}";
    }
}
