namespace CioOrleans.Configuration;

/// <summary>What happens to a send whose request does not choose.</summary>
public enum SendMode
{
    /// <summary>It is forwarded at once, and the caller gets Customer.io's own answer.</summary>
    Forward,

    /// <summary>It is stored and sent as soon as the limits allow; the caller gets the address of the result.</summary>
    Durable,
}
