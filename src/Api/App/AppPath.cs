namespace CioOrleans.Api.App;

/// <summary>How the dispatcher treats a path.</summary>
internal enum AppPath
{
    /// <summary>Not a path of the App API.</summary>
    None,

    /// <summary><c>POST /v1/send/{kind}</c>: a transactional message.</summary>
    Send,

    /// <summary><c>POST /v1/campaigns/{id}/triggers</c>: a broadcast.</summary>
    Broadcast,

    /// <summary>
    /// Every other <c>POST</c> that is not in <see cref="AppOperations"/>: it sends messages (a newsletter, a live notification), starts a job (an import, an
    /// export), or is not known. It is forwarded like a send, at most once.
    /// </summary>
    Protected,

    /// <summary><c>GET /dispatch/sends/{receipt}</c>, a path of the dispatcher: the result of a stored send.</summary>
    Result,

    /// <summary>Another spelling of a path that sends a message. Customer.io might accept it, so the dispatcher refuses it.</summary>
    HiddenSend,

    /// <summary>Every other path of the App API: a pass-through.</summary>
    Query,
}
