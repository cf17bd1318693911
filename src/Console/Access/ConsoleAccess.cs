namespace CioOrleans.Console.Access;

/// <summary>A person at the console.</summary>
/// <param name="Name">The name of the key, as the audit trail has it.</param>
/// <param name="MayOperate">Whether the person may change something.</param>
public sealed record ConsoleCaller(string Name, bool MayOperate);

/// <summary>Who may use the console. The process that serves the console provides it.</summary>
public interface IConsoleAccess
{
    /// <summary>Whether a key is needed. Without one, only callers on this machine are let in.</summary>
    bool NeedsKey { get; }

    /// <summary>The caller with this key; null if there is no such key.</summary>
    ConsoleCaller? Find(string key);

    /// <summary>Whether the caller's key still exists with the same role.</summary>
    bool IsValid(ConsoleCaller caller);

    /// <summary>The caller on this machine where no key is needed; null if the request comes from elsewhere or through a proxy.</summary>
    ConsoleCaller? FindLocal(HttpContext http);
}
