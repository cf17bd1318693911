using CioOrleans.Client;
using CioOrleans.Customers;

namespace CioOrleans.Samples.CoHosted;

/// <summary>What Customer.io is told about the shop's customers.</summary>
internal sealed class CustomerMessages(IDispatcher dispatcher)
{
    private readonly IWorkspaceDispatcher _workspace = dispatcher.Workspace("shop");

    public async ValueTask<AcceptResult> SignedUpAsync(Customer customer)
    {
        var person = _workspace.Customer(customer.Id);
        var identified = await person.IdentifyAsync(new { email = customer.Email, plan = customer.Plan });
        return identified.IsAccepted ? await person.TrackAsync("signed_up") : identified;
    }

    /// <summary>The event's id is the order's: however often a purchase is reported, Customer.io counts it once.</summary>
    public ValueTask<AcceptResult> BoughtAsync(string customerId, Purchase purchase) => _workspace.Customer(customerId).TrackAsync(
        "bought",
        new { order_id = purchase.OrderId, product = purchase.Product, price = purchase.Price, seq = purchase.Seq },
        id: new Ulid(purchase.OrderId));

    public ValueTask<AcceptResult> LeftAsync(string customerId) => _workspace.Customer(customerId).DeleteAsync();
}
