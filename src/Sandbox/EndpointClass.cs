namespace CioOrleans.Sandbox;

/// <summary>The endpoint class whose limit a request counts against, as Customer.io groups them.</summary>
public enum EndpointClass
{
    /// <summary>Changes of a person: identify, delete, devices, suppress, merge, segments. Also the account's region.</summary>
    Identify = 0,

    /// <summary>Events, forms, delivery metrics and unsubscriptions.</summary>
    Track = 1,

    /// <summary>Page and screen views.</summary>
    Page = 2,

    /// <summary>Track v2.</summary>
    Batch = 3,

    /// <summary>The App API, except sends and broadcasts.</summary>
    Query = 4,

    /// <summary>Paths and methods that Customer.io does not have.</summary>
    Other = 5,

    /// <summary>Transactional e-mail.</summary>
    TransactionalEmail = 6,

    /// <summary>Transactional push, SMS, in-app and inbox messages.</summary>
    TransactionalPush = 7,

    /// <summary>Broadcast triggers.</summary>
    Broadcast = 8,

    /// <summary>The Pipelines API.</summary>
    Pipelines = 9,
}
