//! Makes our custom items exist in a company's SmartHR, each once, and deletes them.
//!
//! SmartHR cannot "create unless it exists", and the response to a creation can get lost. So we
//! list, create what is missing, and list again. The last list counts: when another function was
//! faster, what we created is deleted.
//!
//! An item that a list leaves out is made again only if SmartHR does not know its id either. Items that somebody
//! deleted in SmartHR are made again, and that night changes nobody: empty items say nothing.

use domain::{CustomItemId, CustomItemIds};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::error::SmartHrError;
use crate::items::{GROUP_NAME, Item, LOGIN_METHOD, RequiredItems, SYNC_TARGET};
use crate::response::ApiResponse;
use crate::session::Session;

const GROUPS: &str = "crew_custom_field_template_groups";
const ITEMS: &str = "crew_custom_field_templates";

/// The most times that we list. Twice is usual: before and after the creation.
const MAX_ATTEMPTS: u32 = 6;

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
    /// Makes the group 「KiteRa連携」 and the required items in it exist, and returns their ids, to
    /// be stored. Renamed items are found by `known`, the ids stored before, and others by name.
    /// What was deleted by hand is made again. Changes nothing when everything exists.
    ///
    /// # Errors
    /// [`SmartHrError`]; the next call continues where this one stopped.
    pub async fn ensure_items(
        &self,
        required: RequiredItems,
        known: Option<&CustomItemIds>,
        deadline: Instant,
    ) -> Result<CustomItemIds, SmartHrError> {
        let body = json!({
            "name": GROUP_NAME,
            // SmartHR API: the definition is locked, the values are the admin's.
            "access_type": "read_and_update_values",
        });
        let group_id = known.map(|known| known.group_id.as_str());
        let group = self
            .ensure(GROUPS, group_id, |g| g.name == GROUP_NAME, &body, deadline)
            .await?;
        let mut ids = CustomItemIds {
            group_id: group.id,
            sync_target: None,
            login_method: None,
        };
        if required.sync_target {
            let known = known.and_then(|known| known.sync_target.as_ref());
            let id = self.ensure_item(&SYNC_TARGET, &ids.group_id, known, deadline);
            ids.sync_target = Some(id.await?);
        }
        if required.login_method {
            let known = known.and_then(|known| known.login_method.as_ref());
            let id = self.ensure_item(&LOGIN_METHOD, &ids.group_id, known, deadline);
            ids.login_method = Some(id.await?);
        }
        Ok(ids)
    }

    /// Deletes our group with its items and every value set in them (manual: 解除すると、SmartHRの
    /// 管理画面で設定した情報は全て削除されます). Succeeds when there is no such group.
    ///
    /// # Errors
    /// [`SmartHrError`] when SmartHR refuses or does not answer.
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
        known: Option<&CustomItemId>,
        deadline: Instant,
    ) -> Result<CustomItemId, SmartHrError> {
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
        // A choice was deleted by hand: it is added to the remaining ones.
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

    /// Returns the entry of the list `kind` that is `known` or, failing that, `is_ours`; creates it from
    /// `body` when there is none. A known one that the list leaves out must be unknown by itself as well: a
    /// list that is empty by mistake would otherwise replace the items of every company, with all choices in them.
    async fn ensure(
        &self,
        kind: &'static str,
        known: Option<&str>,
        is_ours: impl Fn(&Listed) -> bool,
        body: &Value,
        deadline: Instant,
    ) -> Result<Listed, SmartHrError> {
        let mut created: Option<String> = None;
        let mut last_error = SmartHrError::UnexpectedAnswer("what was made does not appear");
        for attempt in 0..MAX_ATTEMPTS {
            let listed: Vec<Listed> = self.list(&["v1", kind], kind, deadline).await?;
            if let Some(found) = find_ours(listed, known, &is_ours) {
                if let Some(ours) = created.filter(|created| *created != found.id) {
                    self.delete(&self.url(&["v1", kind, &ours]), deadline)
                        .await?;
                }
                return Ok(found);
            }
            if let Some(known) = known.filter(|_| created.is_none()) {
                self.check_is_deleted(kind, known, deadline).await?;
            }
            let url = self.url(&["v1", kind]);
            let answer = self.write(Method::POST, &url, body, deadline).await;
            match answer.and_then(|answer: ApiResponse| answer.json::<Reference>(kind)) {
                Ok(reference) => created = Some(reference.id),
                // It may have been created despite the error: the next list shows it.
                Err(error) if error.is_transient() => {
                    let client = self.client();
                    sleep(client.tuning().backoff.wait(attempt, client.random())).await;
                    last_error = error;
                }
                Err(error) => return Err(error),
            }
        }
        Err(last_error)
    }

    /// Checks that the entry `id` of the list `kind` does not exist.
    async fn check_is_deleted(
        &self,
        kind: &'static str,
        id: &str,
        deadline: Instant,
    ) -> Result<(), SmartHrError> {
        let url = self.url(&["v1", kind, id]);
        match self.get::<Reference>(&url, kind, deadline).await {
            Err(SmartHrError::NotFound) => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(SmartHrError::UnexpectedAnswer(
                "a list without an entry that exists",
            )),
        }
    }
}

impl Listed {
    /// SmartHR API: an item has either `group_id` or `group`.
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

/// Returns the entry with the known id, else the oldest of ours, so that all functions choose the
/// same one.
fn find_ours(
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

/// Finds the choice among `elements`: by its known id, by physical name, or by name when the element
/// has no physical name.
fn find<'a>(
    item: &Item,
    choice: usize,
    known: Option<&CustomItemId>,
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

/// Returns the ids of an item, if both of its choices exist.
fn item_id(item: &Item, known: Option<&CustomItemId>, listed: &Listed) -> Option<CustomItemId> {
    let elements = listed.elements.as_deref().unwrap_or_default();
    let id = |choice| Some(find(item, choice, known, elements)?.id.clone());
    Some(CustomItemId {
        template_id: listed.id.clone(),
        choice_ids: [id(0)?, id(1)?],
    })
}

/// Returns the choices that are not among `elements`, in the form that creates them.
fn missing_choices(item: &Item, known: Option<&CustomItemId>, elements: &[Element]) -> Vec<Value> {
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
