namespace CioOrleans.Api.App;

/// <summary>What a path of the App API is to the dispatcher.</summary>
internal enum AppPath
{
    /// <summary>None of the App API.</summary>
    None,

    /// <summary><c>POST /v1/send/{kind}</c>: a transactional message.</summary>
    Send,

    /// <summary><c>POST /v1/campaigns/{id}/triggers</c>: a broadcast.</summary>
    Broadcast,

    /// <summary><c>GET /dispatch/sends/{receipt}</c>, the dispatcher's own: what became of a stored send.</summary>
    Result,

    /// <summary>Another spelling of a path that sends, which Customer.io may take for it: refused.</summary>
    HiddenSend,

    /// <summary>All else: passed through.</summary>
    Query,
}
