//! Makes our custom items exist in a company's SmartHR, each once, and takes them away again.
//!
//! SmartHR has no "create unless it is there", and the answer to a creation can get lost. So
//! creating is: look; when it is missing, make it; look again. What the last look shows is the truth,
//! and when somebody else was faster, what we made is removed.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::answer::Answer;
use crate::error::SmartHrError;
use crate::items::{GROUP_NAME, Item, ItemId, ItemIds, LOGIN_METHOD, SYNC_TARGET, WantedItems};
use crate::session::Session;

const GROUPS: &str = "crew_custom_field_template_groups";
const ITEMS: &str = "crew_custom_field_templates";

/// How often we look before giving up. Two are usual: missing, then made.
const LOOKS: u32 = 6;

/// A group or an item as SmartHR lists it.
#[derive(Deserialize)]
struct Listed {
    id: String,
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    group_id: Option<String>,
    group: Option<Reference>,
    elements: Option<Vec<Element>>,
    created_at: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

#[derive(Deserialize)]
struct Element {
    id: String,
    name: String,
    physical_name: Option<String>,
    position: Option<u32>,
}

impl Session {
    /// Makes the group 「KiteRa連携」 and the wanted items in it exist, and tells their ids, to be stored.
    /// `known` are the ids stored before: found by id, things may have been renamed; else they are
    /// found by name; what was deleted by hand is made again. Nothing changes when all is there.
    ///
    /// # Errors
    /// [`SmartHrError`]; calling again goes on where this stopped.
    pub async fn ensure_items(
        &self,
        wanted: WantedItems,
        known: Option<&ItemIds>,
        deadline: Instant,
    ) -> Result<ItemIds, SmartHrError> {
        let body = json!({
            "name": GROUP_NAME,
            // SmartHR API: the definition is locked, the values are the admin's.
            "access_type": "read_and_update_values",
        });
        let group_id = known.map(|known| known.group_id.as_str());
        let group = self
            .ensure(GROUPS, group_id, |g| g.name == GROUP_NAME, &body, deadline)
            .await?;
        let mut ids = ItemIds {
            group_id: group.id,
            sync_target: None,
            login_method: None,
        };
        if wanted.sync_target {
            let known = known.and_then(|known| known.sync_target.as_ref());
            let id = self.ensure_item(&SYNC_TARGET, &ids.group_id, known, deadline);
            ids.sync_target = Some(id.await?);
        }
        if wanted.login_method {
            let known = known.and_then(|known| known.login_method.as_ref());
            let id = self.ensure_item(&LOGIN_METHOD, &ids.group_id, known, deadline);
            ids.login_method = Some(id.await?);
        }
        Ok(ids)
    }

    /// Deletes our group with its items and every value set in them (manual: 解除すると、SmartHRの
    /// 管理画面で設定した情報は全て削除されます). Gone already is fine.
    ///
    /// # Errors
    /// [`SmartHrError`].
    pub async fn delete_group(
        &self,
        group_id: &str,
        deadline: Instant,
    ) -> Result<(), SmartHrError> {
        self.delete(&self.url(&["v1", GROUPS, group_id]), deadline)
            .await
    }

    async fn ensure_item(
        &self,
        item: &Item,
        group_id: &str,
        known: Option<&ItemId>,
        deadline: Instant,
    ) -> Result<ItemId, SmartHrError> {
        let mut body = json!({
            "name": item.name,
            "type": "enum",
            "group_id": group_id,
            "position": item.position,
            "elements": missing_choices(item, None, &[]),
        });
        let is_ours = |listed: &Listed| {
            listed.name == item.name
                && listed.kind.as_deref() == Some("enum")
                && listed.is_in(group_id)
        };
        let known_id = known.map(|known| known.template_id.as_str());
        let listed = self
            .ensure(ITEMS, known_id, is_ours, &body, deadline)
            .await?;
        if let Some(id) = item_id(item, known, &listed) {
            return Ok(id);
        }
        // A choice was deleted by hand: put it back beside those that are there.
        let there = listed.elements.as_deref().unwrap_or_default();
        let mut elements: Vec<Value> = there.iter().map(Element::as_json).collect();
        elements.extend(missing_choices(item, known, there));
        body["elements"] = elements.into();
        body["name"] = listed.name.into();
        let url = self.url(&["v1", ITEMS, &listed.id]);
        let answer = self.write(Method::PATCH, &url, &body, deadline).await?;
        item_id(item, known, &answer.json("a custom item")?).ok_or(SmartHrError::UnexpectedAnswer(
            "a custom item without its choices",
        ))
    }

    /// The one thing in the list `kind` that is `known` or, failing that, `is_ours`; made from `body`
    /// when there is none.
    async fn ensure(
        &self,
        kind: &'static str,
        known: Option<&str>,
        is_ours: impl Fn(&Listed) -> bool,
        body: &Value,
        deadline: Instant,
    ) -> Result<Listed, SmartHrError> {
        let mut made: Option<String> = None;
        let mut trouble = SmartHrError::UnexpectedAnswer("what was made does not appear");
        for look in 0..LOOKS {
            let listed: Vec<Listed> = self.list(&["v1", kind], kind, deadline).await?;
            if let Some(found) = the_one(listed, known, &is_ours) {
                if let Some(ours) = made.filter(|made| *made != found.id) {
                    self.delete(&self.url(&["v1", kind, &ours]), deadline)
                        .await?;
                }
                return Ok(found);
            }
            let url = self.url(&["v1", kind]);
            let answer = self.write(Method::POST, &url, body, deadline).await;
            match answer.and_then(|answer: Answer| answer.json::<Reference>(kind)) {
                Ok(reference) => made = Some(reference.id),
                // It may have been made all the same: the next look tells.
                Err(error) if error.is_transient() => {
                    let client = self.client();
                    sleep(client.tuning().backoff.wait(look, client.random())).await;
                    trouble = error;
                }
                Err(error) => return Err(error),
            }
        }
        Err(trouble)
    }
}

impl Listed {
    /// SmartHR API: either `group_id` or `group` is given.
    fn is_in(&self, group_id: &str) -> bool {
        let nested = self.group.as_ref().map(|group| group.id.as_str());
        self.group_id.as_deref().or(nested) == Some(group_id)
    }
}

impl Element {
    fn as_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "physical_name": self.physical_name,
            "position": self.position,
        })
    }
}

/// The thing with the known id, else the first made of ours: everybody who looks agrees on that.
fn the_one(
    listed: Vec<Listed>,
    known: Option<&str>,
    is_ours: impl Fn(&Listed) -> bool,
) -> Option<Listed> {
    listed
        .into_iter()
        .filter(|one| Some(one.id.as_str()) == known || is_ours(one))
        .min_by(|a, b| {
            let age = |one: &Listed| {
                let other = Some(one.id.as_str()) != known;
                (other, one.created_at.clone(), one.id.clone())
            };
            age(a).cmp(&age(b))
        })
}

/// Where the choice is among `elements`: by the id we know, by physical name, else by its name when it
/// has no physical name.
fn find<'a>(
    item: &Item,
    choice: usize,
    known: Option<&ItemId>,
    elements: &'a [Element],
) -> Option<&'a Element> {
    let wanted = &item.choices[choice];
    let known = known.map(|known| known.choice_ids[choice].as_str());
    elements.iter().find(|element| {
        Some(element.id.as_str()) == known
            || match element.physical_name.as_deref() {
                Some(physical_name) => physical_name == wanted.physical_name,
                None => element.name == wanted.name,
            }
    })
}

/// The ids of an item all of whose choices are there.
fn item_id(item: &Item, known: Option<&ItemId>, listed: &Listed) -> Option<ItemId> {
    let elements = listed.elements.as_deref().unwrap_or_default();
    let id = |choice| Some(find(item, choice, known, elements)?.id.clone());
    Some(ItemId {
        template_id: listed.id.clone(),
        choice_ids: [id(0)?, id(1)?],
    })
}

/// The choices that are not among `elements`, as SmartHR wants them for making.
fn missing_choices(item: &Item, known: Option<&ItemId>, elements: &[Element]) -> Vec<Value> {
    item.choices
        .iter()
        .enumerate()
        .filter(|(index, _)| find(item, *index, known, elements).is_none())
        .map(|(index, choice)| {
            json!({
                "name": choice.name,
                "physical_name": choice.physical_name,
                "position": index + 1,
            })
        })
        .collect()
}
