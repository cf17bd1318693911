namespace CioOrleans.Grains;

/// <summary>
/// A grain was called by a key that was not made with its database's secret: its caller has not learned the secret since its silos changed databases. Nothing
/// was done. A client reads the secret again every <see cref="GrainKeyReader.Every"/>.
/// </summary>
[GenerateSerializer, Alias("cio.WrongGrainKeyException")]
public sealed class WrongGrainKeyException(string workspace)
    : InvalidOperationException($"A grain of the workspace '{workspace}' was called by a key that was not made with the secret of this database. Try again in {GrainKeyReader.Every.TotalSeconds:0} s.")
{
    [Id(0)]
    public string Workspace { get; } = workspace;

    /// <summary>Whether this is why a call failed. Orleans wraps what a grain's constructor throws.</summary>
    internal static bool IsCauseOf(Exception? exception) => exception is not null && (exception is WrongGrainKeyException || IsCauseOf(exception.InnerException));
}
