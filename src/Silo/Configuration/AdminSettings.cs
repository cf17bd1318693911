namespace CioOrleans.Configuration;

/// <summary>Who may call <c>/admin</c>.</summary>
/// <param name="ApiKey">The bearer key; always required when set. Without one (default) only callers on the same machine are let in. A secret.</param>
public sealed record AdminSettings(string? ApiKey)
{
    /// <summary>Says whether there is a key, never which.</summary>
    public override string ToString() => $"{nameof(AdminSettings)} {{ {nameof(ApiKey)} = {(ApiKey is null ? "none" : "set")} }}";
}
