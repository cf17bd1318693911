namespace CioOrleans.Configuration;

/// <summary>What happens to a send whose request does not choose.</summary>
public enum SendMode
{
    /// <summary>It is forwarded at once, and the caller gets Customer.io's own answer.</summary>
    Forward,

    /// <summary>It is stored and sent as soon as the limits allow; the caller gets the address of the result.</summary>
    Durable,
}

/// <summary>The host that transactional messages are sent to.</summary>
public enum SendHost
{
    /// <summary>The App API's host.</summary>
    App,

    /// <summary>The Track API's host, as Customer.io's command line does. Needs a service account's token.</summary>
    Track,
}
