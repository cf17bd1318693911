namespace CioOrleans.Client;

/// <summary>
/// Passes calls to the dispatcher from a service that hosts one of its silos or is an Orleans client of them. Get it from the service collection:
/// <see cref="DispatcherServices.AddCioDispatcher"/>.
/// </summary>
/// <example><c>await dispatcher.Workspace("acme").Customer("u1").IdentifyAsync(new { plan = "pro" });</c></example>
public interface IDispatcher
{
    /// <summary>A workspace of Customer.io. The call is cheap, and the result may be kept.</summary>
    /// <param name="name">The workspace's name in the dispatcher's settings.</param>
    /// <exception cref="ArgumentException">The name is blank or holds a slash.</exception>
    IWorkspaceDispatcher Workspace(string name);
}
