using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CioOrleans.Console.Access;

/// <summary>The people who have signed in. Sessions are kept in memory: after a restart everybody signs in again.</summary>
internal sealed class ConsoleSessions(IConsoleAccess access, TimeProvider time)
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The oldest sessions end where there are more.</summary>
    private const int Max = 1_000;

    private const int TokenBytes = 32;

    // By the hash of the token, so that the memory of the process holds no token.
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Starts a session.</summary>
    /// <returns>The token of the session, for the cookie.</returns>
    public string Start(ConsoleCaller caller)
    {
        foreach (var old in _sessions.Where(session => IsOver(session.Value)).Concat(_sessions.OrderByDescending(session => session.Value.StartedAt).Skip(Max - 1)).ToArray())
        {
            _sessions.TryRemove(old.Key, out _);
        }

        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));
        _sessions[IdOf(token)] = new Session(caller, time.GetTimestamp());
        return token;
    }

    /// <summary>The id of the session with this token, which is no secret.</summary>
    public static string IdOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>The caller of a session; null if it has ended, or if the caller's key was removed.</summary>
    public ConsoleCaller? Find(string id)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        if (!IsOver(session))
        {
            return session.Caller;
        }

        _sessions.TryRemove(id, out _);
        return null;
    }

    public void End(string id) => _sessions.TryRemove(id, out _);

    private bool IsOver(Session session) => time.GetElapsedTime(session.StartedAt) > Lifetime || !access.IsValid(session.Caller);

    private sealed record Session(ConsoleCaller Caller, long StartedAt);
}
