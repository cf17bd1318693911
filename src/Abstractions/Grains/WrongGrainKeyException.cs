namespace CioOrleans.Grains;

/// <summary>
/// A grain was called by a key that was not made with its database's secret: the caller's silos have changed databases, and the caller has not read the new
/// secret yet. The call had no effect. A client reads the secret again every <see cref="GrainKeyReader.Every"/>.
/// </summary>
[GenerateSerializer, Alias("cio.WrongGrainKeyException")]
public sealed class WrongGrainKeyException(string workspace)
    : InvalidOperationException($"A grain of the workspace '{workspace}' was called by a key that was not made with the secret of this database. Try again in {GrainKeyReader.Every.TotalSeconds:0} s.")
{
    [Id(0)]
    public string Workspace { get; } = workspace;

    /// <summary>Whether this exception is the cause of another one. Orleans wraps exceptions of a grain's constructor.</summary>
    internal static bool IsCauseOf(Exception? exception) => exception is not null && (exception is WrongGrainKeyException || IsCauseOf(exception.InnerException));
}
