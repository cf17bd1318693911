namespace CioOrleans.Customers;

/// <summary>A queue's address: a workspace and an ordering key within it. Calls of one address are delivered in order.</summary>
/// <param name="Workspace">The name of the workspace in the settings; never holds a slash.</param>
/// <param name="Customer">The ordering key, such as <c>id:42</c>; see <see cref="CustomerKey"/>.</param>
[GenerateSerializer, Immutable, Alias("cio.CustomerAddress")]
public readonly record struct CustomerAddress([property: Id(0)] string Workspace, [property: Id(1)] string Customer)
{
    /// <summary>The key of the customer's grain: <c>workspace/customer</c>.</summary>
    public string ToGrainKey() => string.Concat(Workspace, "/", Customer);

    /// <summary>Reads a grain's key: the first slash ends the workspace.</summary>
    public static CustomerAddress FromGrainKey(string grainKey)
    {
        var slash = grainKey.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? new CustomerAddress(grainKey[..slash], grainKey[(slash + 1)..])
            : throw new ArgumentException($"'{grainKey}' is not 'workspace/customer'.", nameof(grainKey));
    }

    public override string ToString() => ToGrainKey();
}
