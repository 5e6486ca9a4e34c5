//! How does a document become a JavaScript object? A serde serializer for what documents consist of: objects, lists,
//! texts, whole numbers, yes and no. serde-wasm-bindgen can do far more, and weighs three kilobytes more on a page.

use core::cell::RefCell;
use core::fmt;

use js_sys::{Array, Object};
use serde::ser::{self, Impossible, Serialize, Serializer};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// A fresh object, which takes every field: `Reflect.set` would ask whether it did.
    type Fresh;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn put(this: &Fresh, key: &JsValue, value: &JsValue);
}

/// The document as a JavaScript value.
pub(crate) fn to_js<T: Serialize>(document: &T) -> Result<JsValue, Unwritable> {
    document.serialize(ToJs)
}

/// A part that no document has, such as a float.
#[derive(Debug)]
pub(crate) struct Unwritable;

impl fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no such part")
    }
}

impl core::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Written = Result<JsValue, Unwritable>;

struct ToJs;

thread_local! {
    /// Field names and words as JavaScript has them already: making a text anew costs more than all else here.
    static KNOWN: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// Does something with a text of the program's own, which is made once.
#[inline(never)]
fn with_known<T>(text: &'static str, work: impl FnOnce(&JsValue) -> T) -> T {
    KNOWN.with_borrow_mut(|known| {
        let place = known.iter().position(|(other, _)| core::ptr::eq(*other, text)).unwrap_or_else(|| {
            known.push((text, JsValue::from_str(text)));
            known.len() - 1
        });
        work(&known[place].1)
    })
}

/// An object or a dictionary under way.
struct Fields {
    object: Fresh,
    key: JsValue,
}

impl Fields {
    fn new() -> Self {
        Self { object: Object::new().unchecked_into(), key: JsValue::UNDEFINED }
    }
}

/// A list under way.
struct Items(Array);

fn number(value: f64) -> Written {
    Ok(JsValue::from_f64(value))
}

impl Serializer for ToJs {
    type Ok = JsValue;
    type Error = Unwritable;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Impossible<JsValue, Unwritable>;
    type SerializeTupleVariant = Impossible<JsValue, Unwritable>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<JsValue, Unwritable>;

    fn serialize_bool(self, value: bool) -> Written {
        Ok(JsValue::from_bool(value))
    }
    fn serialize_i8(self, value: i8) -> Written {
        number(value.into())
    }
    fn serialize_i16(self, value: i16) -> Written {
        number(value.into())
    }
    fn serialize_i32(self, value: i32) -> Written {
        number(value.into())
    }
    fn serialize_i64(self, value: i64) -> Written {
        // Amounts and counts end at 2^53 - 1, which a number carries exactly.
        number(value as f64)
    }
    fn serialize_u8(self, value: u8) -> Written {
        number(value.into())
    }
    fn serialize_u16(self, value: u16) -> Written {
        number(value.into())
    }
    fn serialize_u32(self, value: u32) -> Written {
        number(value.into())
    }
    fn serialize_u64(self, value: u64) -> Written {
        number(value as f64)
    }
    fn serialize_f32(self, _: f32) -> Written {
        Err(Unwritable)
    }
    fn serialize_f64(self, _: f64) -> Written {
        Err(Unwritable)
    }
    fn serialize_char(self, _: char) -> Written {
        Err(Unwritable)
    }
    fn serialize_str(self, value: &str) -> Written {
        Ok(JsValue::from_str(value))
    }
    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(Unwritable)
    }
    fn serialize_none(self) -> Written {
        Ok(JsValue::NULL)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Written {
        Ok(JsValue::NULL)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Err(Unwritable)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        Ok(with_known(variant, JsValue::clone))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(Unwritable)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unwritable> {
        Ok(Items(Array::new()))
    }
    fn serialize_tuple(self, _: usize) -> Result<Items, Unwritable> {
        Ok(Items(Array::new()))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Unwritable> {
        Ok(Fields::new())
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Unwritable> {
        Ok(Fields::new())
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

impl ser::SerializeStruct for Fields {
    type Ok = JsValue;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unwritable> {
        let value = value.serialize(ToJs)?;
        with_known(key, |key| self.object.put(key, &value));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.object.into())
    }
}

impl ser::SerializeMap for Fields {
    type Ok = JsValue;
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.key = key.serialize(ToJs)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let value = value.serialize(ToJs)?;
        self.object.put(&self.key, &value);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.object.into())
    }
}

impl ser::SerializeSeq for Items {
    type Ok = JsValue;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.0.push(&value.serialize(ToJs)?);
        Ok(())
    }

    fn end(self) -> Written {
        Ok(self.0.into())
    }
}

impl ser::SerializeTuple for Items {
    type Ok = JsValue;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        ser::SerializeSeq::end(self)
    }
}
