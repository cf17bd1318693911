namespace CioOrleans.Addressing;

/// <summary>
/// A grain was called by a key that was not made with its database's secret: the caller's silos have changed databases, and the caller has not read the new
/// secret yet. The call had no effect. A client reads the secret again every <see cref="RetryAfter"/>.
/// </summary>
[GenerateSerializer, Alias("cio.WrongGrainKeyException")]
public sealed class WrongGrainKeyException(string workspace)
    : InvalidOperationException($"A grain of the workspace '{workspace}' was called by a key that was not made with the secret of this database. Try again in {RetryAfter.TotalSeconds:0} s.")
{
    /// <summary>The time between two reads of the secret by a client of a cluster. After it, a repeat of the call finds the right grain.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    [Id(0)]
    public string Workspace { get; } = workspace;

    /// <summary>Whether this exception is the cause of another one. Orleans wraps exceptions of a grain's constructor.</summary>
    public static bool IsCauseOf(Exception? exception) => exception is not null && (exception is WrongGrainKeyException || IsCauseOf(exception.InnerException));
}
