namespace CioOrleans.Testing.Network;

/// <summary>Where the parts of a cluster stand on this machine, and how they reach each other.</summary>
public interface IClusterNetwork : IAsyncDisposable
{
    /// <summary>Where PostgreSQL is reached.</summary>
    string DatabaseAddress { get; }

    /// <summary>Where the sandbox is reached.</summary>
    string SandboxAddress { get; }

    /// <summary>The place of one more silo.</summary>
    Task<SiloPlace> AddSiloAsync(int number);

    /// <summary>Why no connection can be cut here; null where one can.</summary>
    string? CannotCutReason { get; }

    /// <summary>From now on no packet passes between the two, in either direction, and neither hears why.</summary>
    Task CutAsync(string address, string otherAddress);

    /// <summary>Mends everything that was cut.</summary>
    Task MendAsync();
}
