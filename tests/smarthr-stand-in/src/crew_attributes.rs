//! The attributes of a crew, as SmartHR's published Swagger names them (definition `Crew`).

use std::sync::LazyLock;

/// Every attribute that SmartHR shows of a crew, null where it knows nothing, in SmartHR's order.
pub(crate) static ATTRIBUTES: LazyLock<Vec<&str>> =
    LazyLock::new(|| NAMES.split_whitespace().collect());

const NAMES: &str = "
    id user_id biz_establishment_id biz_establishment emp_code emp_type employment_type emp_status
    last_name first_name last_name_yomi first_name_yomi business_last_name business_first_name
    business_last_name_yomi business_first_name_yomi preferred_last_name preferred_first_name
    preferred_last_name_yomi preferred_first_name_yomi birth_at gender identity_card_image1
    identity_card_image2 tel_number address address_image address_head_of_family
    address_relation_name email profile_images emergency_relation_name emergency_last_name
    emergency_first_name emergency_last_name_yomi emergency_first_name_yomi emergency_tel_number
    emergency_address resident_card_address resident_card_address_head_of_family
    resident_card_address_relation_name position positions grade job_category occupation entered_at
    resigned_at resigned_reason recruitment_type resume1 resume2 emp_ins_insured_person_number
    emp_ins_insured_person_number_image emp_ins_insured_person_number_unknown_reason_type
    emp_ins_qualified_at emp_ins_disqualified_at previous_workplace previous_employment_start_on
    previous_employment_end_on soc_ins_insured_person_number hel_ins_insured_person_number
    basic_pension_number basic_pension_number_image first_enrolling_in_emp_pns_ins_flag
    basic_pension_number_unknown_reason_type first_workplace first_workplace_address_text
    first_employment_start_on first_employment_end_on last_workplace last_workplace_address_text
    last_employment_start_on last_employment_end_on soc_ins_qualified_at soc_ins_disqualified_at
    employees_pension_insurance_qualified_at employees_pension_insurance_disqualified_at
    health_insurance_qualified_at health_insurance_disqualified_at
    insurance_premium_calculation_type health_insurance_premium_company
    health_insurance_premium_individual care_insurance_premium_company
    care_insurance_premium_individual child_care_support_fund_company
    child_care_support_fund_individual employees_pension_insurance_premium_company
    employees_pension_insurance_premium_individual child_care_contribution having_spouse
    spouse_yearly_income monthly_income_currency monthly_income_goods payment_period
    monthly_base_salary monthly_standard_income_updated_at monthly_standard_income_hel
    monthly_standard_income_pns nearest_station_and_line commutation_1_expenses commutation_1_period
    commutation_1_single_fare commutation_2_expenses commutation_2_period commutation_2_single_fare
    foreign_resident_last_name foreign_resident_first_name foreign_resident_middle_name
    foreign_resident_card_number foreign_resident_card_image1 foreign_resident_card_image2
    nationality_code resident_status_type resident_status_other_reason resident_end_at
    having_ex_activity_permission other_be_workable_type bank_accounts department departments
    contract_type contract_start_on contract_end_on contract_renewal_type tax_cd handicapped_type
    handicapped_note_type handicapped_note_delivery_at handicapped_image working_student_flag
    school_name student_card_image enrolled_at working_student_income employment_income_flag
    business_income_flag devidend_income_flag estate_income_flag widow_type widow_reason_type
    widow_memo custom_fields created_at updated_at
";

/// The attributes that are lists: empty, never null, where SmartHR knows nothing.
pub(crate) const LISTS: &[&str] = &[
    "profile_images",
    "positions",
    "bank_accounts",
    "departments",
    "custom_fields",
];
