namespace CioOrleans.Grains.Customers;

/// <summary>What the classes around a customer's grain may ask of its activation.</summary>
internal interface ICustomerActivation
{
    /// <summary>Deactivates the grain once it has nothing to do. Its next call activates it anew, possibly on another silo.</summary>
    void Leave();
}
