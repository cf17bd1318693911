namespace CioOrleans.Configuration;

/// <summary>The PEM files with which the processes of a cluster prove to each other that they belong to it. They are read again for each new connection.</summary>
/// <param name="Certificate">Path of the certificate of this process, with the intermediate certificates behind it.</param>
/// <param name="Key">Path of the certificate's private key, not encrypted.</param>
/// <param name="Authority">Path of the root certificates that sign the certificates of all processes.</param>
public sealed record TlsSettings(string Certificate, string Key, string Authority);
