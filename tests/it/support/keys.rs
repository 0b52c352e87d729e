//! An issuer of tokens other than the server, with keys of each kind. They sign nothing but tests.

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};

const RSA: &str = "\
    MIIEowIBAAKCAQEAj4LjSUI3hn8r5H4E6X+8XH2PLmv2yeIh4abm/26XQtSyfQKlyPITaxRxn6RvFvcSmt1UCPXWOUT8nTK3rRn40N7iDrfsQE\
    sERdwr2vcr+Ng2M5vzETKDapvY85t9VAL4OhFT6oHgDoCSKV0JcFSICsFoMyk/DhMKULhQtFeB94cjjb64HBQgMZU+/zEFSwaGH/GUxc0V87IF\
    jQCtT2QUuUZTxKtzqnqSgB3zJTzLsRFtGPN3mcJ8Izi5X3Tb1q6HwINAxm8ETRsursnCRhsD8JAqQnxPVAdHEqEGj1gOB5ltYNPaUHLaAGf+aI\
    89gykol2l0fRJy6erj8HVBVnGRewIDAQABAoIBAADCNxDzDZepl7pnVJ44z8QIKo7R0EqT1AB0BcceDHoiLm4iUkhHQi/s8QDsi4mzX/SvSy2+\
    L4bZQ3EVNDKPnQo8TCkb5rQ6r8Tt6tIZoX//MoN9F65z5tZICPcGPW2VrA2kPudkS5AL34YfQ5K5YA5CHnw1CdOzVuB0OJq2gVU3ViTqeIyuKM\
    w7NHKmNGXqKEaXmeSCI1aPpE5P05in1si0OR8XGn6omay/6AvBWfDfvzVlYF03bfn50SHUvbRK6VbjRHN2O5gIYPTxCQoulMLDn86ITEhNzNUG\
    4fpmkjun5rn0qZiFc1ThlcdoSCSP3Tk3aDRVT3T45hTIWAcee1kCgYEAxClTN5LekdtN7sqkk7fVMVweDr9BOpbI4uVu/F1dmtXFO4Appm/cKE\
    +fjgOLmzyNQY9PIkkbSdtzdAMX+10ppquh60dHhwyNXcouNnMf6qmrmV+t0PcXdw2N/zAdbCa4SZKLMbFYaX3/PQ4FvjGO+i0jd0muvueQDNBi\
    dryKqWMCgYEAu0n/arbQo7SqJKoDCk1XcC83/hJYqxSd+DN2CDQnTAtChXLgBXT+VVjB7a1D6cHSu8R2wBcm/gKbDiG2ZpBAhQqCXIFgPT6+l6\
    LwCwD8aGKZaGTC4MrnenfjQmGw2TMravQD/TuLNzWSDTQ1js+MKN3RUOhy3YOYpCoNKTFI/wkCgYEAuZYveUCm+m/1x5pJIsimF1EDzwf7eqb1\
    4FUZMAJVcQwW0jhrL2BddnX+iqmoB3K+Yexn/hQUkUfibzwOEG8P3PQ8+RAzB/5EMRv7pOA+rhFgnHb9R9q+hJB6a5jl/VCUwma28ojLEON3/B\
    esL0lL8D2MdGttvIfwrW7p+VRgC+kCgYAxmuHJk+4izeEaoOT5P47fKcJ8ysMtXOKSMJ8cgSO/YmQWEF0BVQFf/YgvuWp5aVq1XM3PBtLPCEWl\
    MoyrEZ3lHul0MtgYoJu+cet+Hp67zxGusrFi9JrmtwY8OL+sZ38ibsr3sWOoFco/MQrWbmZDFK0x7r8tqIMvR+wAcwtQcQKBgC4uzIDeKdeiCo\
    fL0Qt1csj7PNX/wq5FkrExc4IvPtI4uH40P9PL1DhCD5Ts7Cs0JEdgGwl3PpYOpZStUnEBACIvnFfq+ggltWhs9ERL8QkU2qW1H61Zd4fJ3tYn\
    6DtRbdwHpmevNHt/DEblruFxv4AozRaWoUlyzG7DdCVHYESc";
const EC: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5JjIfiVNeKAyC3kJhoc1FMKdOu4ddkfO6TOOTjUW8FOhRANCAARIwgAz\
    HLmRbynHo9U3OmQcdym/JmP7TkFJLQvSmQnYqAnK+zZ7pe+w9EXHnwXuzOAvhOas540cd1ktENKGpDj+";
const ED: &str = "MC4CAQAwBQYDK2VwBCIEIK0JAiAKGHz9/PVXZZ7o0CvFiP3tqKy+rnMs6Qo7X0N8";

/// The key for an algorithm.
pub fn key(algorithm: Algorithm) -> EncodingKey {
    let der = |text: &str| STANDARD.decode(text.replace(' ', "")).unwrap();
    match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_der(&der(EC)),
        Algorithm::EdDSA => EncodingKey::from_ed_der(&der(ED)),
        _ => EncodingKey::from_rsa_der(&der(RSA)),
    }
}

/// The public halves of these keys, each under its own id.
pub fn jwks(keys: &[(Algorithm, &str)]) -> String {
    let public = keys.iter().map(|(algorithm, id)| {
        let mut jwk = Jwk::from_encoding_key(&key(*algorithm), *algorithm).unwrap();
        jwk.common.key_id = Some((*id).to_owned());
        serde_json::to_value(jwk).unwrap()
    });
    json!({"keys": public.collect::<Vec<_>>()}).to_string()
}

/// A token with these claims, signed by the key with this id.
pub fn token(algorithm: Algorithm, id: &str, claims: &Value) -> String {
    let header = Header { kid: Some(id.to_owned()), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, &key(algorithm)).unwrap()
}
